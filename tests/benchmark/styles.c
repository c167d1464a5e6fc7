/* How well words find styles: styles.c of `meson test --benchmark styles`, which prints a JSON object.
 *
 * Captions: of paintings that nothing was learnt from, how many of the bank's other artworks are farther from the
 * painting than the style made of its caption. Names: how many of 40 artists, movements and media are found among the
 * first five.
 */
#include "engine/space/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CAPTIONS 60
#define FIRST    5

static double distance(const float *a, const float *b)
{
    double sum = 0;

    for (int i = 0; i < PST_STYLE_SIZE; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return sum;
}

/* The share of the bank that is farther from artwork `index` than x is. */
static double percentile(const float *all, int count, int index, const float *x)
{
    const float *own = all + (gsize)index * PST_STYLE_SIZE;
    double d = distance(own, x);
    int farther = 0;

    for (int i = 0; i < count; i++)
        farther += i != index && distance(own, all + (gsize)i * PST_STYLE_SIZE) > d;
    return farther / (count - 1.0);
}

static void print_captions(const PstStyleSpace *space, const PstArtworks *bank, const PstLexicon *lexicon)
{
    g_autoptr(PstWords) words = pst_words_new(space, bank, lexicon, TRUE);
    g_autofree float *all = g_new(float, (gsize)bank->count *PST_STYLE_SIZE);
    float mean[PST_STYLE_SIZE] = { 0 };
    double total = 0, first = 0, middle = 0;
    int count = 0;

    for (int i = 0; i < bank->count; i++) {
        float *x = all + (gsize)i * PST_STYLE_SIZE;

        pst_style_space_standardise(space, bank->artworks[i].statistics, x);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            mean[k] += x[k] / (float)bank->count;
    }
    for (int i = 0; i < bank->count && count < CAPTIONS; i++) {
        g_autoptr(PstPhrase) phrase = pst_phrase_parse(pst_words_parser(words), bank->artworks[i].caption);
        PstWordsStyle style;

        if (!PST_ARTWORK_IS_HELD_OUT(i) || !*bank->artworks[i].caption)
            continue;
        pst_words_style(words, phrase, 0, NULL, &style);
        total += percentile(all, bank->count, i, style.x);
        first += percentile(all, bank->count, i, all + (gsize)style.nearest[0] * PST_STYLE_SIZE);
        middle += percentile(all, bank->count, i, mean);
        count++;
    }
    printf("\"captions\": %d, \"percentile\": %.4f, \"of the nearest artwork\": %.4f, \"of the mean of all\": %.4f",
           count, 100 * total / count, 100 * first / count, 100 * middle / count);
}

static gboolean fits(const PstArtwork *a, const char *field, const char *wanted)
{
    const char *text = g_str_equal(field, "artist")     ? a->artist
                       : g_str_equal(field, "movement") ? a->movement
                                                        : a->medium;
    g_autofree char *folded = g_utf8_casefold(text, -1), *sought = g_utf8_casefold(wanted, -1);

    return strstr(folded, sought) != NULL;
}

static void print_names(const PstStyleSpace *space, const PstArtworks *bank, const PstLexicon *lexicon)
{
    /* What is asked for, and what one of the first five has to have. */
    static const struct {
        const char *asked, *field, *wanted;
    } names[] = {
        { "van Gogh", "artist", "Vincent van Gogh" },
        { "Rembrandt", "artist", "Rembrandt van Rijn" },
        { "Hokusai", "artist", "Katsushika Hokusai" },
        { "Paul Gauguin", "artist", "Paul Gauguin" },
        { "Kandinsky", "artist", "Wassily Kandinsky" },
        { "Renoir", "artist", "Pierre-Auguste Renoir" },
        { "Cezanne", "artist", "Paul Cézanne" },
        { "monet", "artist", "Claude Monet" },
        { "Raphael", "artist", "Raphael" },
        { "Rubens", "artist", "Peter Paul Rubens" },
        { "Titian", "artist", "Titian" },
        { "Degas", "artist", "Edgar Degas" },
        { "Ilya Repin", "artist", "Ilya Repin" },
        { "Velazquez", "artist", "Diego Velázquez" },
        { "Manet", "artist", "Édouard Manet" },
        { "Bruegel", "artist", "Pieter Bruegel the Elder" },
        { "Caravaggio", "artist", "Caravaggio" },
        { "da Vinci", "artist", "Leonardo da Vinci" },
        { "Vermeer", "artist", "Johannes Vermeer" },
        { "Munch", "artist", "Edvard Munch" },
        { "Klimt", "artist", "Gustav Klimt" },
        { "Turner", "artist", "J. M. W. Turner" },
        { "Mondrian", "artist", "Piet Mondrian" },
        { "impressionism", "movement", "impressionism" },
        { "expressionist", "movement", "expressionism" },
        { "baroque", "movement", "baroque" },
        { "Rokoko", "movement", "rococo" },
        { "fauvism", "movement", "fauvism" },
        { "ukiyo-e", "movement", "ukiyo-e" },
        { "Symbolismus", "movement", "symbolism" },
        { "pointillist", "movement", "pointillism" },
        { "Romantik", "movement", "romanticism" },
        { "mannerism", "movement", "mannerism" },
        { "woodblock print", "medium", "woodblock print" },
        { "fresco", "medium", "fresco" },
        { "tempera", "medium", "tempera" },
        { "pencil drawing", "medium", "pencil" },
        { "ink on silk", "medium", "ink" },
        { "mosaic", "medium", "mosaic" },
        { "Öl auf Leinwand", "medium", "oil" },
    };
    g_autoptr(PstWords) words = pst_words_new(space, bank, lexicon, FALSE);
    int good = 0;

    printf(", \"names\": %zu, \"not found\": [", G_N_ELEMENTS(names));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(PstPhrase) phrase = pst_phrase_parse(pst_words_parser(words), names[i].asked);
        int count;
        g_autofree int *found = pst_words_search(words, phrase, FIRST, &count);
        gboolean hit = FALSE;

        for (int k = 0; k < count; k++)
            hit |= fits(&bank->artworks[found[k]], names[i].field, names[i].wanted);
        if (!hit)
            printf("%s\"%s\"", (gsize)good < i ? ", " : "", names[i].asked);
        good += hit;
    }
    printf("], \"found\": %d", good);
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyleSpace) space = pst_style_space_load_default(&error);
    g_autoptr(PstArtworks) bank = space ? pst_artworks_load_default(&error) : NULL;
    g_autoptr(PstLexicon) lexicon = bank ? pst_lexicon_load_default(&error) : NULL;

    if (!lexicon) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    printf("{");
    print_captions(space, bank, lexicon);
    print_names(space, bank, lexicon);
    printf("}\n");
    return 0;
}
