/* From words to a style.
 *
 * Two answers are blended. A ridge regression (ridge.h) from the concepts and artists of a phrase to codes of the style
 * space, fitted to what is written about the artworks of the bank: captions, and movement, medium and artist. And the
 * artworks whose texts say the same and whose codes are near that answer. Colours and tones then move the style's
 * colours directly (style_colour.h), strokes and detail the look.
 */
#pragma once

#include "invention.h"
#include "phrase.h"
#include "style_colour.h"

#define PST_WORDS_NEAREST    6
#define PST_WORDS_VARIATIONS 4

/** Read-only, any number of threads may share it. */
typedef struct PstWords PstWords;

/** Fits the regression; about 50 ms. Space, bank and lexicon are borrowed. With `honest` nothing is learnt from
 * artworks
 *  that are held out, and none is among the nearest. */
PstWords *pst_words_new(const PstStyleSpace *space, const PstArtworks *artworks, const PstLexicon *lexicon,
                        gboolean honest);
void pst_words_free(PstWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstWords, pst_words_free)

/** What a phrase asks for. */
typedef struct {
    float x[PST_STYLE_SIZE];        /* standardised statistics */
    int nearest[PST_WORDS_NEAREST]; /* artworks that fit best, the best first; -1: there are no more */
    gboolean has_stroke, has_detail;
    double stroke, detail; /* of the look, where the phrase says something about them */
} PstWordsStyle;

/** The style of a phrase of which something was understood. `variation` 0 is the answer itself, 1 .. lean towards one
 *  of the nearest artworks each. `wish`, what else is asked of colours, may be NULL. */
void pst_words_style(const PstWords *words, const PstPhrase *phrase, int variation, const PstColourWish *wish,
                     PstWordsStyle *style);

/** Artworks by how well they fit a phrase, the best first: at most `most` indices, which are returned; how many in
 *  `count`. The caller's. Words that are no concepts are looked for in the texts. */
int *pst_words_search(const PstWords *words, const PstPhrase *phrase, int most, int *count);

/** The parser of phrases for these words; theirs. */
const PstPhraseParser *pst_words_parser(const PstWords *words);
