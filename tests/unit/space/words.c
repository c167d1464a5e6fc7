/* Words: the lexicon, phrases, and the styles that they ask for. */
#include "engine/space/words.h"
#include "tests/folder.h"

#include <math.h>
#include <string.h>

static PstStyleSpace *space;
static PstArtworks *bank;
static PstLexicon *lexicon;
static PstWords *words;

static void assert_concept(const char *word, const char *name)
{
    double surely;
    int index = pst_lexicon_find(lexicon, word, &surely);

    if (!name) {
        g_assert_cmpint(index, ==, -1);
        return;
    }
    g_assert_cmpint(index, >=, 0);
    g_assert_cmpstr(pst_lexicon_concept(lexicon, index)->name, ==, name);
    g_assert_true(surely > 0 && surely <= 1);
}

static void test_lexicon(void)
{
    assert_concept("blue", "blue");
    assert_concept("greens", "green");
    assert_concept("stürmisch", "stormy");
    assert_concept("blauer", "blue");
    assert_concept("tempestuous", "stormy"); /* WordNet's */
    assert_concept("xyzzy", NULL);
    assert_concept("", NULL);
}

static PstPhrase *parse(const char *text)
{
    return pst_phrase_parse(pst_words_parser(words), text);
}

static void test_phrase(void)
{
    g_autoptr(PstPhrase) phrase = parse("Very dark, not red; like Vincent van Gogh with xyzzy");
    g_autoptr(PstPhrase) less = pst_phrase_without(phrase, 0);

    g_assert_cmpint(phrase->count, ==, 4);
    g_assert_cmpint(pst_phrase_understood(phrase), ==, 3);
    g_assert_cmpstr(phrase->terms[0].text, ==, "very dark");
    g_assert_cmpfloat(phrase->terms[0].weight, >, 1);
    g_assert_cmpfloat(phrase->terms[1].weight, <, 0);
    g_assert_cmpint(phrase->terms[2].kind, ==, PST_TERM_ARTIST);
    g_assert_cmpstr(phrase->terms[2].artist, ==, "Vincent van Gogh");
    g_assert_cmpint(phrase->terms[3].kind, ==, PST_TERM_UNKNOWN);
    g_assert_cmpint(less->count, ==, 3);
    g_assert_cmpstr(less->terms[0].text, ==, "not red");
}

/* Whatever is written, something comes back. */
static void test_any_text(void)
{
    static const char *const texts[] = { "", "   ", "very", "not", "- - -", "\xff\xfe", "of the and", "ß", "12 34" };
    g_autofree char *longest = g_strnfill(10000, 'a');

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(PstPhrase) phrase = parse(texts[i]);

        g_assert_cmpint(pst_phrase_understood(phrase), <=, phrase->count);
    }
    g_autoptr(PstPhrase) phrase = parse(longest);
    g_assert_cmpint(phrase->count, ==, 1);
}

static PstWordsStyle ask(const char *text, int variation)
{
    g_autoptr(PstPhrase) phrase = parse(text);
    PstWordsStyle style;

    pst_words_style(words, phrase, variation, NULL, &style);
    return style;
}

/* A colour word moves colours its way, its negation the other way. */
static void test_colours(void)
{
    float plain[PST_SPACE_COLOUR], red[PST_SPACE_COLOUR], none[PST_SPACE_COLOUR];
    PstWordsStyle styles[] = { ask("landscape", 0), ask("red landscape", 0), ask("not red landscape", 0) };

    pst_style_colour(space, styles[0].x, plain);
    pst_style_colour(space, styles[1].x, red);
    pst_style_colour(space, styles[2].x, none);
    g_assert_cmpfloat(red[0] - red[2], >, plain[0] - plain[2]);
    g_assert_cmpfloat(none[0] - none[2], <, red[0] - red[2]);
}

static void test_look(void)
{
    PstWordsStyle thick = ask("thick paint", 0), plain = ask("sea", 0), thin = ask("not thick", 0);

    g_assert_true(thick.has_stroke);
    g_assert_cmpfloat(thick.stroke, >, 1);
    g_assert_false(plain.has_stroke);
    g_assert_cmpfloat(thin.stroke, ==, 1);
}

static void test_variations(void)
{
    PstWordsStyle first = ask("stormy sea", 0);

    g_assert_cmpint(first.nearest[0], >=, 0);
    for (int i = 1; i <= PST_WORDS_VARIATIONS; i++) {
        PstWordsStyle other = ask("stormy sea", i);

        g_assert_true(memcmp(first.x, other.x, sizeof first.x) != 0);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            g_assert_true(isfinite(other.x[k]));
    }
}

static void test_search(void)
{
    g_autoptr(PstPhrase) phrase = parse("Hokusai"), nothing = parse("xyzzy");
    int count;
    g_autofree int *found = pst_words_search(words, phrase, 5, &count);
    g_autofree int *none = pst_words_search(words, nothing, 5, &(int){ 0 });

    g_assert_cmpint(count, ==, 5);
    for (int i = 0; i < count; i++)
        g_assert_cmpstr(bank->artworks[found[i]].artist, ==, "Katsushika Hokusai");
}

static void refuse(const char *folder, const char *concepts, const char *table, const char *because)
{
    g_autofree char *first = g_build_filename(folder, "concepts.tsv", NULL);
    g_autofree char *second = g_build_filename(folder, "lexicon.tsv", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(first, concepts, -1, NULL));
    g_assert_true(g_file_set_contents(second, table, -1, NULL));
    g_assert_null(pst_lexicon_read(folder, &error));
    g_assert_error(error, PST_LEXICON_ERROR, PST_LEXICON_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, because));
}

static void test_refused(void)
{
    g_autofree char *folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    const char *good = "red\tcolour\tff0000\t\tred\trot\n";

    refuse(folder, "red\n", "", "concepts.tsv: line 1");
    refuse(folder, "red\tcolour\tff00\t\tred\trot\n", "", "line 1");
    refuse(folder, "red\tcolour\tff0000\tsize=1\tred\trot\n", "", "line 1");
    refuse(folder, good, "red\tblue\t1\n", "lexicon.tsv: line 1");
    refuse(folder, good, "# a\nred\tred\t2\n", "lexicon.tsv: line 2");
    folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    space = pst_style_space_load_default(&error);
    g_assert_no_error(error);
    bank = pst_artworks_load_default(&error);
    g_assert_no_error(error);
    lexicon = pst_lexicon_load_default(&error);
    g_assert_no_error(error);
    words = pst_words_new(space, bank, lexicon, FALSE);
    g_test_add_func("/words/lexicon", test_lexicon);
    g_test_add_func("/words/phrase", test_phrase);
    g_test_add_func("/words/any-text", test_any_text);
    g_test_add_func("/words/colours", test_colours);
    g_test_add_func("/words/look", test_look);
    g_test_add_func("/words/variations", test_variations);
    g_test_add_func("/words/search", test_search);
    g_test_add_func("/words/refused", test_refused);
    status = g_test_run();
    pst_words_free(words);
    pst_lexicon_free(lexicon);
    pst_artworks_free(bank);
    pst_style_space_free(space);
    return status;
}
