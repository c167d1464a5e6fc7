#include "words.h"

#include "engine/kernel/map.h"

#include "description.h"
#include "ridge.h"

#include <math.h>
#include <string.h>

/* Chosen on the validation part of the bank's training artworks (docs/decisions/023-a-space-of-styles.md). */
#define PENALTY   12.0f /* of the regression, for each concept or artist */
#define CONSTANT  1e-3f
#define NEARNESS  0.35 /* weight of nearness in the space beside likeness of texts, when artworks are sought */
#define LEAN      0.4  /* share of the nearest artworks in the answer, */
#define LEAN_VARY 0.6  /* and of one of them in a variation */
#define PULL      0.55 /* how far a colour word draws colours */
#define MOVES     2
#define TITLE     0.6 /* weight of a word in a title, beside one in a caption */

struct PstWords {
    const PstStyleSpace *space;
    const PstArtworks *artworks;
    const PstLexicon *lexicon;
    PstPhraseParser *parser;
    gboolean honest;
    GHashTable *artists; /* name -> feature + 1 */
    int features;        /* concepts, artists, a constant */
    float *coefficients; /* [latent][features] */
    float *texts;        /* [artworks][features]: what is written about each, 0 .. 1 */
    float *rarity;       /* [features]: logarithm of 1 / share of artworks that have it */
    float *codes;        /* [artworks][latent] */
    float *x;            /* [artworks][PST_STYLE_SIZE] */
};

static int latent_of(const PstWords *words)
{
    return words->space->shape.latent;
}

/* Adds a phrase's terms to a row of features; `most` 0: all that they weigh, else each at most that. */
static void add_terms(const PstWords *words, const PstPhrase *phrase, float most, float *row)
{
    for (int i = 0; i < phrase->count; i++) {
        const PstTerm *term = &phrase->terms[i];
        int feature = term->concept;

        if (term->kind == PST_TERM_ARTIST)
            feature = GPOINTER_TO_INT(g_hash_table_lookup(words->artists, term->artist)) - 1;
        if (feature < 0)
            continue;
        if (most > 0)
            row[feature] = MAX(row[feature], MIN((float)fabs(term->weight), 1) * most);
        else
            row[feature] = (float)CLAMP(row[feature] + term->weight, -2, 2);
    }
}

static void add_text(const PstWords *words, const char *text, float most, float *row)
{
    g_autoptr(PstPhrase) phrase = pst_phrase_parse(words->parser, text);

    add_terms(words, phrase, most, row);
}

static gboolean is_learnt(const PstWords *words, int index)
{
    return !words->honest || !PST_ARTWORK_IS_HELD_OUT(index);
}

static float *zeros(gsize n)
{
    float *floats = pst_floats_new(n);

    memset(floats, 0, n * sizeof *floats);
    return floats;
}

/* Two rows for each artwork: what its caption says, and what is known of it. */
static void fit(PstWords *words)
{
    int n = 0, latent = latent_of(words), in = words->features;
    gsize most = (gsize)words->artworks->count * 2;
    g_autoptr(PstFloats) features = zeros(most * in), targets = zeros(most * latent);
    g_autofree float *penalties = g_new(float, in);

    for (int i = 0; i < words->artworks->count; i++) {
        const PstArtwork *a = &words->artworks->artworks[i];
        g_autofree char *facts = g_strjoin(" ", a->movement, a->medium, NULL);

        for (int part = 0; is_learnt(words, i) && part < 2; part++) {
            float *row = features + (gsize)n * in;

            if (part == 0 && !*a->caption)
                continue;
            add_text(words, part == 0 ? a->caption : facts, 0, row);
            if (part == 1 && *a->artist)
                row[GPOINTER_TO_INT(g_hash_table_lookup(words->artists, a->artist)) - 1] = 1;
            row[in - 1] = 1;
            memcpy(targets + (gsize)n * latent, words->codes + (gsize)i * latent, (gsize)latent * sizeof *targets);
            n++;
        }
    }
    for (int i = 0; i < in; i++)
        penalties[i] = i == in - 1 ? CONSTANT : PENALTY;
    pst_ridge(features, targets, NULL, n, in, latent, penalties, words->coefficients);
}

static void list_artists(PstWords *words)
{
    words->artists = g_hash_table_new(g_str_hash, g_str_equal);
    words->features = pst_lexicon_count(words->lexicon);
    for (int i = 0; i < words->artworks->count; i++) {
        const char *artist = words->artworks->artworks[i].artist;

        if (*artist && !g_hash_table_contains(words->artists, artist))
            g_hash_table_insert(words->artists, (gpointer)artist, GINT_TO_POINTER(++words->features));
    }
    words->features++;
}

/* In place of a caption: what an artwork looks like, by its measures. */
static void add_appearance(const PstWords *words, const PstArtwork *a, const PstMeasureScale *scale, float *row)
{
    const char *colours[PST_APPEARANCE_COLOURS], *clauses[PST_DESCRIPTION_CLAUSES];
    int count = pst_description_colours(&a->appearance, words->lexicon, colours);
    int more = pst_description_clauses(&a->appearance, scale, clauses);

    for (int i = 0; i < count; i++)
        add_text(words, colours[i], 1, row);
    /* "Low contrast" would count as contrast. */
    for (int i = 0; i < more; i++) {
        if (!g_str_has_prefix(clauses[i], "low "))
            add_text(words, clauses[i], 1, row);
    }
}

static void read_texts(PstWords *words)
{
    int n = words->artworks->count, in = words->features;
    PstMeasureScale scale = pst_measure_scale(words->artworks);

    words->texts = zeros((gsize)n * in);
    words->rarity = g_new0(float, in);
    for (int i = 0; i < n; i++) {
        const PstArtwork *a = &words->artworks->artworks[i];
        float *row = words->texts + (gsize)i * in;

        if (*a->caption)
            add_text(words, a->caption, 1, row);
        else
            add_appearance(words, a, &scale, row);
        add_text(words, a->movement, 1, row);
        add_text(words, a->medium, 1, row);
        add_text(words, a->title, TITLE, row);
        if (*a->artist)
            row[GPOINTER_TO_INT(g_hash_table_lookup(words->artists, a->artist)) - 1] = 1;
        for (int k = 0; k < in; k++)
            words->rarity[k] += row[k] > 0;
    }
    for (int k = 0; k < in; k++)
        words->rarity[k] = logf((float)(n + 1) / (words->rarity[k] + 1));
}

PstWords *pst_words_new(const PstStyleSpace *space, const PstArtworks *artworks, const PstLexicon *lexicon,
                        gboolean honest)
{
    PstWords *words = g_new0(PstWords, 1);
    int n = artworks->count, latent = space->shape.latent;

    words->space = space;
    words->artworks = artworks;
    words->lexicon = lexicon;
    words->honest = honest;
    words->parser = pst_phrase_parser_new(lexicon, artworks);
    list_artists(words);
    words->coefficients = pst_floats_new((gsize)latent * words->features);
    words->x = pst_floats_new((gsize)n * PST_STYLE_SIZE);
    words->codes = pst_floats_new((gsize)n * latent);
    for (int i = 0; i < n; i++)
        pst_style_space_standardise(space, artworks->artworks[i].statistics, words->x + (gsize)i * PST_STYLE_SIZE);
    pst_vae_encode(&space->shape, space->parameters, words->x, n, words->codes, NULL);
    read_texts(words);
    fit(words);
    return words;
}

void pst_words_free(PstWords *words)
{
    if (!words)
        return;
    pst_phrase_parser_free(words->parser);
    g_hash_table_unref(words->artists);
    pst_floats_free(words->coefficients);
    pst_floats_free(words->texts);
    g_free(words->rarity);
    pst_floats_free(words->codes);
    pst_floats_free(words->x);
    g_free(words);
}

const PstPhraseParser *pst_words_parser(const PstWords *words)
{
    return words->parser;
}

/* ---- seeking -------------------------------------------------------------------------------- */

typedef struct {
    int index;
    double score;
} Hit;

static int by_score(gconstpointer a, gconstpointer b)
{
    const Hit *x = a, *y = b;

    return x->score != y->score ? (x->score < y->score) - (x->score > y->score) : x->index - y->index;
}

/* Likeness of texts: the cosine of rows weighted by rarity, for the query's part only, so that much written about an
 * artwork does it no harm. */
static double likeness(const PstWords *words, const float *query, const float *text)
{
    double sum = 0, norm = 0;

    for (int k = 0; k < words->features - 1; k++) {
        double weight = query[k] * words->rarity[k];

        if (query[k] == 0)
            continue;
        sum += weight * text[k];
        norm += fabs(weight);
    }
    return norm > 0 ? sum / norm : 0;
}

static void find_code(const PstWords *words, const float *query, float *code)
{
    for (int o = 0; o < latent_of(words); o++) {
        const float *row = words->coefficients + (gsize)o * words->features;
        double sum = row[words->features - 1];

        for (int k = 0; k < words->features - 1; k++)
            sum += (double)row[k] * query[k];
        code[o] = (float)sum;
    }
}

/* Artworks by likeness of texts and nearness of codes. */
static GArray *seek(const PstWords *words, const float *query, const float *code)
{
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    int latent = latent_of(words);

    for (int i = 0; i < words->artworks->count; i++) {
        const float *own = words->codes + (gsize)i * latent;
        double far = 0;
        Hit hit = { .index = i };

        if (!is_learnt(words, i))
            continue;
        for (int k = 0; k < latent; k++)
            far += (own[k] - code[k]) * (own[k] - code[k]);
        hit.score = likeness(words, query, words->texts + (gsize)i * words->features) - NEARNESS * sqrt(far / latent);
        g_array_append_val(hits, hit);
    }
    g_array_sort(hits, by_score);
    return hits;
}

/* ---- a style -------------------------------------------------------------------------------- */

static PstColourWish find_wish(const PstWords *words, const PstPhrase *phrase, const PstColourWish *more)
{
    PstColourWish wish = more ? *more : (PstColourWish){ .pull = 0 };
    double total = 0, understood = pst_phrase_understood(phrase);

    for (int i = 0; i < phrase->count; i++) {
        const PstTerm *term = &phrase->terms[i];
        const PstConcept *concept;

        if (term->kind != PST_TERM_CONCEPT)
            continue;
        concept = pst_lexicon_concept(words->lexicon, term->concept);
        wish.light += term->weight * concept->effects[PST_EFFECT_LIGHT];
        wish.chroma += term->weight * concept->effects[PST_EFFECT_CHROMA];
        wish.warm += term->weight * concept->effects[PST_EFFECT_WARM];
        wish.contrast += term->weight * concept->effects[PST_EFFECT_CONTRAST];
        if (concept->coloured) {
            for (int c = 0; c < 3; c++) {
                wish.target[c] += (float)fabs(term->weight) * concept->colour[c];
            }
            total += fabs(term->weight);
            wish.pull += PULL * term->weight;
        }
    }
    for (int c = 0; total > 0 && c < 3; c++)
        wish.target[c] /= (float)total;
    /* A colour among many words is that of a part. */
    wish.pull = CLAMP(wish.pull / MAX(1, understood), -0.5, 0.8);
    wish.light = CLAMP(wish.light, -0.3, 0.3);
    return wish;
}

static void find_look(const PstWords *words, const PstPhrase *phrase, PstWordsStyle *style)
{
    double stroke = 1, detail = 1;

    for (int i = 0; i < phrase->count; i++) {
        const PstTerm *term = &phrase->terms[i];
        const PstConcept *concept;

        if (term->kind != PST_TERM_CONCEPT)
            continue;
        concept = pst_lexicon_concept(words->lexicon, term->concept);
        if (concept->has[PST_EFFECT_STROKE]) {
            style->has_stroke = TRUE;
            stroke += term->weight * (concept->effects[PST_EFFECT_STROKE] - 1);
        }
        if (concept->has[PST_EFFECT_DETAIL]) {
            style->has_detail = TRUE;
            detail = MIN(detail, 1) + term->weight * (concept->effects[PST_EFFECT_DETAIL] - 1);
        }
    }
    style->stroke = CLAMP(stroke, 1, 3);
    style->detail = CLAMP(detail, 0, 1);
}

void pst_words_style(const PstWords *words, const PstPhrase *phrase, int variation, const PstColourWish *more,
                     PstWordsStyle *style)
{
    g_autofree float *query = g_new0(float, words->features), *code = g_new(float, latent_of(words));
    g_autoptr(GArray) hits = NULL;
    float from[PST_SPACE_COLOUR], to[PST_SPACE_COLOUR];
    PstColourWish wish = find_wish(words, phrase, more);
    int count = 0;

    *style = (PstWordsStyle){ .stroke = 1 };
    add_terms(words, phrase, 0, query);
    find_code(words, query, code);
    hits = seek(words, query, code);
    for (int i = 0; i < PST_WORDS_NEAREST; i++) {
        style->nearest[i] = i < (int)hits->len ? g_array_index(hits, Hit, i).index : -1;
        count += style->nearest[i] >= 0;
    }
    pst_style_space_decode(words->space, code, style->x);
    for (int i = 0; i < count; i++) {
        const float *near = words->x + (gsize)style->nearest[i] * PST_STYLE_SIZE;
        double share = variation == 0 ? LEAN / count : i == (variation - 1) % count ? LEAN_VARY : 0;

        for (int k = 0; k < PST_STYLE_SIZE; k++)
            style->x[k] += (float)(share * (near[k] - style->x[k]));
    }
    pst_style_colour(words->space, style->x, to);
    pst_colour_wish_apply(&wish, to);
    /* What lies beyond the space of styles paints nothing that is one; a second move makes up for what is lost. */
    for (int i = 0; i < MOVES; i++) {
        pst_style_colour(words->space, style->x, from);
        pst_style_colour_move(words->space, from, to, style->x);
        pst_style_space_tame(words->space, style->x);
    }
    find_look(words, phrase, style);
}

/* ---- searching ------------------------------------------------------------------------------ */

/* The share of the phrase's words that stand in what is written about an artwork. */
static double literal(const PstPhrase *phrase, const PstArtwork *a)
{
    g_autofree char *all = g_strjoin(" ", a->title, a->artist, a->year, a->movement, a->medium, a->caption, NULL);
    g_auto(GStrv) words = pst_lexicon_words(all);
    g_autofree char *text = g_strjoinv(" ", words), *padded = g_strconcat(" ", text, " ", NULL);
    double found = 0;

    for (int i = 0; i < phrase->count; i++) {
        const PstTerm *term = &phrase->terms[i];
        g_autofree char *word = g_strconcat(" ", term->text, " ", NULL), *begin = g_strconcat(" ", term->text, NULL);

        if (term->kind == PST_TERM_ARTIST)
            found += g_str_equal(term->artist, a->artist);
        else
            found += strstr(padded, word) ? 1 : strstr(padded, begin) ? 0.5 : 0;
    }
    return phrase->count ? found / phrase->count : 0;
}

int *pst_words_search(const PstWords *words, const PstPhrase *phrase, int most, int *count)
{
    g_autofree float *query = g_new0(float, words->features);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    int *indices;

    add_terms(words, phrase, 0, query);
    for (int i = 0; i < words->artworks->count; i++) {
        Hit hit = { .index = i };

        hit.score = likeness(words, query, words->texts + (gsize)i * words->features) +
                    literal(phrase, &words->artworks->artworks[i]);
        if (hit.score > 0)
            g_array_append_val(hits, hit);
    }
    g_array_sort(hits, by_score);
    *count = MIN(most, (int)hits->len);
    indices = g_new(int, MAX(1, *count));
    for (int i = 0; i < *count; i++)
        indices[i] = g_array_index(hits, Hit, i).index;
    return indices;
}
