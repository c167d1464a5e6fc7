/* All that is known of styles that nobody has to train: the bank of artworks, the space, the lexicon, the map. */
#pragma once

#include "engine/paint/look.h"
#include "engine/sound/mood.h"
#include "engine/space/description.h"
#include "engine/space/invention.h"
#include "engine/space/style_map.h"
#include "engine/space/words.h"

/** Read-only, any number of threads may share it. */
typedef struct {
    PstStyleSpace *space;
    PstArtworks *artworks;
    PstLexicon *lexicon;
    PstWords *words;
    PstStyleMap *map;
    PstMeasureScale scale;
} PstAtlas;

/** Reads the program's data, about 0.2 s. NULL with PST_MODEL_ERROR, PST_TENSORS_ERROR, PST_LEXICON_ERROR or
 *  G_FILE_ERROR. */
PstAtlas *pst_atlas_load(GError **error);
void pst_atlas_free(PstAtlas *atlas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstAtlas, pst_atlas_free)

/* Styles below are new, named for people in the user's language, and say of themselves that they are invented and what
 * artworks are nearest; the caller's. */

/** A random one; the same for the same seed. */
PstStyle *pst_atlas_surprise(const PstAtlas *atlas, guint64 seed);

/** One of many like a style: number `index` of those with that seed; `spread` 0..1, how far from it. */
PstStyle *pst_atlas_like(const PstAtlas *atlas, const PstStyle *style, guint64 seed, int index, double spread);

/** The style at `share` of the way from a to b; 0 and 1 are theirs. */
PstStyle *pst_atlas_between(const PstAtlas *atlas, const PstStyle *a, const PstStyle *b, double share);

/** The style at a place of the map, or an artwork's own. */
PstStyle *pst_atlas_at(const PstAtlas *atlas, double x, double y);

/** The style of a phrase, as pst_words_style(); `answer` also holds its look. NULL where nothing was understood. */
PstStyle *pst_atlas_of_phrase(const PstAtlas *atlas, const PstPhrase *phrase, int variation, PstWordsStyle *answer);

/** The style of a mood. */
PstStyle *pst_atlas_of_mood(const PstAtlas *atlas, const PstMood *mood, PstWordsStyle *answer);

/** What a phrase was understood as, for people: "stormy · blue · not understood: foo". The caller's. */
char *pst_atlas_phrase_text(const PstPhrase *phrase);

/** What a mood is, for people: "fast, bright, major". The caller's. */
char *pst_atlas_mood_text(const PstMood *mood);

/** A picture's style in words: "gold and brown, low contrast, fine strokes; near: Klimt, The Kiss". `statistics` are
 *  those of the picture as a style. The caller's. */
char *pst_atlas_describe(const PstAtlas *atlas, const PstAppearance *appearance, const float *statistics);

/** Sets of a look, that is not shared, what words or a mood say of it. */
void pst_atlas_apply(const PstWordsStyle *answer, PstLook *look);
