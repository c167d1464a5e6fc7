#include "phrase.h"

#include <math.h>
#include <string.h>

#define NAME_WORDS 4 /* of an artist's name, at most */
#define SURNAME    4 /* letters: a shorter last word of a name is not one by itself */

static const struct {
    const char *word;
    double degree;
} degrees[] = {
    { "very", 1.5 },   { "more", 1.5 },     { "much", 1.5 },   { "really", 1.5 }, { "extremely", 2 },
    { "sehr", 1.5 },   { "mehr", 1.5 },     { "viel", 1.5 },   { "äußerst", 2 },  { "slightly", 0.5 },
    { "bit", 0.5 },    { "somewhat", 0.5 }, { "little", 0.5 }, { "etwas", 0.5 },  { "wenig", 0.5 },
    { "leicht", 0.5 }, { "less", -1 },      { "weniger", -1 }, { "not", -1 },     { "no", -1 },
    { "without", -1 }, { "nicht", -1 },     { "kein", -1 },    { "keine", -1 },   { "ohne", -1 },
    { "never", -1 },
};

static const char *const fillers[] = {
    "a",   "an",   "the", "of",   "in",   "on",    "with",    "and",  "or",  "by",   "at",    "to",    "as",    "is",
    "for", "from", "but", "it",   "its",  "some",  "style",   "like", "ein", "eine", "einer", "eines", "einem", "einen",
    "der", "die",  "das", "den",  "dem",  "des",   "und",     "oder", "mit", "von",  "vom",   "im",    "am",    "auf",
    "zu",  "wie",  "als", "über", "over", "under", "against", "into", "aus", "bei",  "aber",  "ist",
};

static double degree_of(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(degrees); i++) {
        if (g_str_equal(degrees[i].word, word))
            return degrees[i].degree;
    }
    return 0;
}

static gboolean is_filler(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fillers); i++) {
        if (g_str_equal(fillers[i], word))
            return TRUE;
    }
    return FALSE;
}

struct PstPhraseParser {
    const PstLexicon *lexicon;
    GHashTable *names; /* that an artist goes by: all of the name, without its first word, the last word */
};

PstPhraseParser *pst_phrase_parser_new(const PstLexicon *lexicon, const PstArtworks *artworks)
{
    PstPhraseParser *parser = g_new0(PstPhraseParser, 1);

    parser->lexicon = lexicon;
    parser->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < artworks->count; i++) {
        const char *artist = artworks->artworks[i].artist;
        g_auto(GStrv) words = pst_lexicon_words(artist);
        guint count = g_strv_length(words);

        for (guint from = 0; from < count; from++) {
            char *name = g_strjoinv(" ", words + from);

            if (from < 2 || (from == count - 1 && strlen(name) >= SURNAME)) {
                /* "Velazquez", too. */
                g_hash_table_insert(parser->names, g_str_to_ascii(name, "C"), (gpointer)artist);
                g_hash_table_insert(parser->names, name, (gpointer)artist);
            } else {
                g_free(name);
            }
        }
    }
    return parser;
}

void pst_phrase_parser_free(PstPhraseParser *parser)
{
    if (!parser)
        return;
    g_hash_table_unref(parser->names);
    g_free(parser);
}

/* The artist that words[at ..] name, and by how many words. */
static const char *artist_at(GHashTable *names, char **words, guint count, guint at, guint *length)
{
    for (guint n = MIN(NAME_WORDS, count - at); n > 0; n--) {
        g_autoptr(GString) name = g_string_new(words[at]);
        const char *artist;

        for (guint i = 1; i < n; i++)
            g_string_append_printf(name, " %s", words[at + i]);
        artist = g_hash_table_lookup(names, name->str);
        if (artist) {
            *length = n;
            return artist;
        }
    }
    return NULL;
}

static void clear_term(gpointer term)
{
    g_free(((PstTerm *)term)->text);
}

static PstPhrase *from_array(GArray *terms)
{
    PstPhrase *phrase = g_new0(PstPhrase, 1);

    phrase->count = (int)terms->len;
    phrase->terms = (PstTerm *)(void *)g_array_free(terms, FALSE);
    return phrase;
}

/* "very dark": words[from .. to]. */
static char *join(char **words, guint from, guint to)
{
    GString *text = g_string_new(words[from]);

    for (guint i = from + 1; i <= to; i++)
        g_string_append_printf(text, " %s", words[i]);
    return g_string_free(text, FALSE);
}

PstPhrase *pst_phrase_parse(const PstPhraseParser *parser, const char *text)
{
    g_autofree char *cut = g_strndup(text, PST_PHRASE_LONGEST);
    g_auto(GStrv) words = pst_lexicon_words(cut);
    GArray *terms = g_array_new(FALSE, TRUE, sizeof(PstTerm));
    guint count = g_strv_length(words), begin = 0;
    double degree = 1;

    for (guint i = 0; i < count; i++) {
        PstTerm term = { .kind = PST_TERM_UNKNOWN, .concept = -1 };
        double more = degree_of(words[i]), surely = 1;
        guint length = 1;

        if (more != 0 && i + 1 < count) {
            degree = more < 0 ? -fabs(degree) : degree * more;
            continue;
        }
        term.artist = artist_at(parser->names, words, count, i, &length);
        term.concept = pst_lexicon_find(parser->lexicon, words[i], &surely);
        if (term.artist && length == 1 && term.concept >= 0 && surely >= 1)
            term.artist = NULL;
        if (term.artist) {
            term.kind = PST_TERM_ARTIST;
            term.concept = -1;
            surely = 1;
        } else if (term.concept >= 0) {
            length = 1;
            term.kind = PST_TERM_CONCEPT;
        } else if (is_filler(words[i])) {
            begin = degree == 1 ? i + 1 : begin;
            continue;
        }
        term.weight = term.kind == PST_TERM_UNKNOWN ? 0 : surely * degree;
        term.text = join(words, begin, i + length - 1);
        g_array_append_val(terms, term);
        i += length - 1;
        begin = i + 1;
        degree = 1;
    }
    return from_array(terms);
}

void pst_phrase_free(PstPhrase *phrase)
{
    if (!phrase)
        return;
    for (int i = 0; i < phrase->count; i++)
        clear_term(&phrase->terms[i]);
    g_free(phrase->terms);
    g_free(phrase);
}

PstPhrase *pst_phrase_without(const PstPhrase *phrase, int index)
{
    GArray *terms = g_array_new(FALSE, TRUE, sizeof(PstTerm));

    for (int i = 0; i < phrase->count; i++) {
        PstTerm term = phrase->terms[i];

        if (i == index)
            continue;
        term.text = g_strdup(term.text);
        g_array_append_val(terms, term);
    }
    return from_array(terms);
}

int pst_phrase_understood(const PstPhrase *phrase)
{
    int count = 0;

    for (int i = 0; i < phrase->count; i++)
        count += phrase->terms[i].kind != PST_TERM_UNKNOWN;
    return count;
}
