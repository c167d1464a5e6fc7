/* What words mean: concepts, and the English and German words for them.
 *
 * data/words/concepts.tsv has a concept a line: name, kind, colour, effects, its English and its German words.
 * data/words/lexicon.tsv, which tools/lexicon.py makes of it and of WordNet (Fellbaum, "WordNet: An Electronic Lexical
 * Database", MIT Press 1998), has a word a line: the word, its concept, and how surely it means it.
 */
#pragma once

#include <glib.h>

#define PST_LEXICON_ERROR pst_lexicon_error_quark()
GQuark pst_lexicon_error_quark(void);

typedef enum { PST_LEXICON_ERROR_FORMAT /* not such a table */ } PstLexiconError;

typedef enum {
    PST_CONCEPT_COLOUR,
    PST_CONCEPT_TONE,
    PST_CONCEPT_TEXTURE,
    PST_CONCEPT_MOOD,
    PST_CONCEPT_SUBJECT,
    PST_CONCEPT_MOVEMENT,
    PST_CONCEPT_MEDIUM,
    PST_CONCEPT_NEUTRAL, /* understood, and without effect: "painting" */
    PST_CONCEPT_KINDS
} PstConceptKind;

/* What a word asks for directly. */
typedef enum {
    PST_EFFECT_LIGHT,    /* added to the mean of RGB */
    PST_EFFECT_CHROMA,   /* share by which colours grow away from grey */
    PST_EFFECT_WARM,     /* added to red, taken from blue */
    PST_EFFECT_CONTRAST, /* share by which differences of light grow */
    PST_EFFECT_STROKE,   /* the look's stroke */
    PST_EFFECT_DETAIL,   /* the look's detail */
    PST_EFFECTS
} PstEffect;

typedef struct {
    char *name;
    PstConceptKind kind;
    gboolean coloured;
    float colour[3]; /* sRGB, 0..1, of a coloured one */
    gboolean has[PST_EFFECTS];
    double effects[PST_EFFECTS];
} PstConcept;

/** Read-only, any number of threads may share it. */
typedef struct PstLexicon PstLexicon;

/** Reads both tables from a folder. NULL with PST_LEXICON_ERROR or G_FILE_ERROR, which name the file and the line. */
PstLexicon *pst_lexicon_read(const char *folder, GError **error);

/** Reads those in the data folder. */
PstLexicon *pst_lexicon_load_default(GError **error);
void pst_lexicon_free(PstLexicon *lexicon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLexicon, pst_lexicon_free)

int pst_lexicon_count(const PstLexicon *lexicon);
const PstConcept *pst_lexicon_concept(const PstLexicon *lexicon, int index);

/** The concept of a word in small letters, or -1; `surely` (0..1) tells how surely. A word that is not in the table is
 *  looked for without endings of English and German inflection. */
int pst_lexicon_find(const PstLexicon *lexicon, const char *word, double *surely);

/** The words of a text, in small letters without marks of punctuation; hyphens stay. NULL-terminated, the caller's. */
char **pst_lexicon_words(const char *text);
