/* A picture's style in words: its colours, its light, its strokes. */
#pragma once

#include "artworks.h"
#include "lexicon.h"

/** Where "low" ends and "high" begins for each measure: a quarter of the bank's artworks is below, a quarter above. */
typedef struct {
    float low[PST_MEASURES], high[PST_MEASURES];
} PstMeasureScale;

PstMeasureScale pst_measure_scale(const PstArtworks *artworks);

/** The names of its main colours, each once, untranslated ("gold", "brown"): concepts of the lexicon; how many. */
int pst_description_colours(const PstAppearance *appearance, const PstLexicon *lexicon,
                            const char *names[PST_APPEARANCE_COLOURS]);

/** Clauses about light and strokes that are worth saying, untranslated ("low contrast", "short directed strokes"); how
 *  many. */
#define PST_DESCRIPTION_CLAUSES 4
int pst_description_clauses(const PstAppearance *appearance, const PstMeasureScale *scale,
                            const char *clauses[PST_DESCRIPTION_CLAUSES]);
