/* A phrase about a picture, word by word: what was understood and what was not.
 *
 * "very dark, no people, like Turner": the terms very + dark, no + people, Turner. Words of degree and negation act on
 * the next term: very, more (1.5), slightly, a bit (0.5), less, not, no, without (-1); English and German.
 */
#pragma once

#include "artworks.h"
#include "lexicon.h"

typedef enum {
    PST_TERM_CONCEPT, /* of the lexicon */
    PST_TERM_ARTIST,  /* of the bank */
    PST_TERM_UNKNOWN
} PstTermKind;

typedef struct {
    PstTermKind kind;
    char *text;         /* as it was written, in small letters, with its words of degree */
    int concept;        /* of a concept, else -1 */
    const char *artist; /* of an artist, as the bank has the name; borrowed from the bank; else NULL */
    double weight;      /* how surely it is meant, times its degree; negative: not wanted */
} PstTerm;

typedef struct {
    PstTerm *terms;
    int count;
} PstPhrase;

/** Knows the lexicon's words and the names of the bank's artists; both are borrowed. Read-only, any number of threads
 * may
 *  share it. */
typedef struct PstPhraseParser PstPhraseParser;

PstPhraseParser *pst_phrase_parser_new(const PstLexicon *lexicon, const PstArtworks *artworks);
void pst_phrase_parser_free(PstPhraseParser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPhraseParser, pst_phrase_parser_free)

/** Words of a text that say nothing ("with", "and") are left out. Texts longer than PST_PHRASE_LONGEST bytes are
 *  cut. */
#define PST_PHRASE_LONGEST 2000
PstPhrase *pst_phrase_parse(const PstPhraseParser *parser, const char *text);
void pst_phrase_free(PstPhrase *phrase);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPhrase, pst_phrase_free)

/** A copy without the term at `index`. The caller's. */
PstPhrase *pst_phrase_without(const PstPhrase *phrase, int index);

/** How many terms were understood. */
int pst_phrase_understood(const PstPhrase *phrase);
