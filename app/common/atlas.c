#include "atlas.h"

#include "engine/network/model.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

PstAtlas *pst_atlas_load(GError **error)
{
    g_autoptr(PstAtlas) atlas = g_new0(PstAtlas, 1);

    if (!(atlas->space = pst_style_space_load_default(error)) ||
        !(atlas->artworks = pst_artworks_load_default(error)) || !(atlas->lexicon = pst_lexicon_load_default(error)))
        return NULL;
    atlas->words = pst_words_new(atlas->space, atlas->artworks, atlas->lexicon, FALSE);
    atlas->map = pst_style_map_new(atlas->space, atlas->artworks);
    atlas->scale = pst_measure_scale(atlas->artworks);
    return g_steal_pointer(&atlas);
}

void pst_atlas_free(PstAtlas *atlas)
{
    if (!atlas)
        return;
    pst_style_map_free(atlas->map);
    pst_words_free(atlas->words);
    pst_lexicon_free(atlas->lexicon);
    pst_artworks_free(atlas->artworks);
    pst_style_space_free(atlas->space);
    g_free(atlas);
}

/* ---- styles --------------------------------------------------------------------------------- */

/* Names are cut to what a style may be called. */
static PstStyle *invented(const PstAtlas *atlas, const float *x, const char *from, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static PstStyle *invented(const PstAtlas *atlas, const float *x, const char *from, const char *format, ...)
{
    g_autofree char *name = NULL;
    va_list arguments;

    va_start(arguments, format);
    name = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (strlen(name) > PST_STYLE_TEXT)
        *g_utf8_find_prev_char(name, name + PST_STYLE_TEXT + 1) = '\0';
    return pst_invention_style(atlas->space, atlas->artworks, x, name, from);
}

PstStyle *pst_atlas_surprise(const PstAtlas *atlas, guint64 seed)
{
    float x[PST_STYLE_SIZE];
    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, seed);
    g_autofree char *from = g_strconcat("seed ", number, NULL);

    pst_invention_draw(atlas->space, seed, x);
    return invented(atlas, x, from, _("Invented %s"), number);
}

PstStyle *pst_atlas_like(const PstAtlas *atlas, const PstStyle *style, guint64 seed, int index, double spread)
{
    float x[PST_STYLE_SIZE];
    g_autofree char *from = g_strdup_printf("like %s, seed %" G_GUINT64_FORMAT ", number %d", style->name, seed, index);

    pst_style_space_standardise(atlas->space, style->statistics, x);
    pst_invention_vary(atlas->space, x, seed, index, spread, x);
    return invented(atlas, x, from, _("Like %s, %d"), style->name, index + 1);
}

PstStyle *pst_atlas_between(const PstAtlas *atlas, const PstStyle *a, const PstStyle *b, double share)
{
    float from[PST_STYLE_SIZE], to[PST_STYLE_SIZE];
    g_autofree char *text = g_strdup_printf("%.0f %% of the way from %s to %s", 100 * share, a->name, b->name);

    if (share <= 0 || share >= 1)
        return pst_style_copy(share <= 0 ? a : b);
    pst_style_space_standardise(atlas->space, a->statistics, from);
    pst_style_space_standardise(atlas->space, b->statistics, to);
    pst_invention_walk(atlas->space, from, to, share, from);
    return invented(atlas, from, text, _("Between %s and %s"), a->name, b->name);
}

PstStyle *pst_atlas_at(const PstAtlas *atlas, double x, double y)
{
    float statistics[PST_STYLE_SIZE];
    double distance = 1;
    int nearest = pst_style_map_nearest(atlas->map, x, y, &distance);
    g_autofree char *from = g_strdup_printf("map %.4f, %.4f", x, y);

    if (nearest >= 0 && distance < 1e-5)
        return pst_artwork_style(&atlas->artworks->artworks[nearest]);
    pst_style_map_at(atlas->map, x, y, statistics);
    return invented(atlas, statistics, from, _("Map %.3f, %.3f"), x, y);
}

static char *phrase_words(const PstPhrase *phrase)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < phrase->count; i++) {
        if (phrase->terms[i].kind != PST_TERM_UNKNOWN)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", phrase->terms[i].text);
    }
    return g_string_free(text, FALSE);
}

PstStyle *pst_atlas_of_phrase(const PstAtlas *atlas, const PstPhrase *phrase, int variation, PstWordsStyle *answer)
{
    g_autofree char *words = phrase_words(phrase), *from = g_strdup_printf("words: %s", words);

    if (pst_phrase_understood(phrase) == 0)
        return NULL;
    pst_words_style(atlas->words, phrase, variation, NULL, answer);
    return invented(atlas, answer->x, from, "%s", words);
}

/* Arousal and valence as the words that mean them. */
static PstPhrase *mood_phrase(const PstAtlas *atlas, const PstMood *mood)
{
    const struct {
        const char *word;
        double weight;
    } words[] = { { "stormy", MAX(0, mood->arousal) },
                  { "calm", MAX(0, -mood->arousal) },
                  { "happy", MAX(0, mood->valence) },
                  { "sad", MAX(0, -mood->valence) } };
    PstPhrase *phrase = pst_phrase_parse(pst_words_parser(atlas->words), "stormy calm happy sad");

    for (int i = 0; i < phrase->count; i++)
        phrase->terms[i].weight = words[i].weight;
    return phrase;
}

PstStyle *pst_atlas_of_mood(const PstAtlas *atlas, const PstMood *mood, PstWordsStyle *answer)
{
    g_autoptr(PstPhrase) phrase = mood_phrase(atlas, mood);
    g_autofree char *text = pst_atlas_mood_text(mood);
    PstMoodPainting painting = pst_mood_painting(mood);
    PstColourWish wish = {
        .light = painting.light, .chroma = painting.chroma, .warm = painting.warm, .contrast = painting.contrast
    };

    pst_words_style(atlas->words, phrase, 0, &wish, answer);
    answer->has_stroke = answer->has_detail = TRUE;
    answer->stroke = painting.stroke;
    answer->detail = painting.detail;
    return invented(atlas, answer->x, "sound", _("Sound: %s"), text);
}

void pst_atlas_apply(const PstWordsStyle *answer, PstLook *look)
{
    if (answer->has_stroke)
        look->stroke = answer->stroke;
    if (answer->has_detail)
        look->detail = answer->detail;
}

/* The colours that descriptions name (data/words/concepts.tsv), for translators. */
G_GNUC_UNUSED static const char *const colours[] = {
    N_("red"),   N_("crimson"), N_("orange"),    N_("yellow"), N_("gold"), N_("ochre"),
    N_("green"), N_("olive"),   N_("turquoise"), N_("blue"),   N_("navy"), N_("violet"),
    N_("pink"),  N_("brown"),   N_("cream"),     N_("white"),  N_("grey"), N_("black"),
};

/* ---- words ---------------------------------------------------------------------------------- */

char *pst_atlas_phrase_text(const PstPhrase *phrase)
{
    GString *known = g_string_new(NULL);
    g_autoptr(GString) unknown = g_string_new(NULL);

    for (int i = 0; i < phrase->count; i++) {
        const PstTerm *term = &phrase->terms[i];
        GString *list = term->kind == PST_TERM_UNKNOWN ? unknown : known;

        g_string_append_printf(list, "%s%s", list->len ? " · " : "", term->text);
    }
    if (unknown->len > 0) {
        g_string_append(known, known->len ? "; " : "");
        g_string_append_printf(known, _("not understood: %s"), unknown->str);
    }
    return g_string_free(known, FALSE);
}

char *pst_atlas_mood_text(const PstMood *mood)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < PST_MOOD_TRAITS; i++) {
        const char *word = pst_mood_word(mood, (PstMoodTrait)i);

        if (word)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", _(word));
    }
    if (text->len == 0)
        g_string_append(text, _("in the middle of everything"));
    return g_string_free(text, FALSE);
}

char *pst_atlas_describe(const PstAtlas *atlas, const PstAppearance *appearance, const float *statistics)
{
    GString *text = g_string_new(NULL);
    const char *names[PST_APPEARANCE_COLOURS], *clauses[PST_DESCRIPTION_CLAUSES];
    int count = pst_description_colours(appearance, atlas->lexicon, names), nearest;
    int more = pst_description_clauses(appearance, &atlas->scale, clauses);
    float x[PST_STYLE_SIZE];

    for (int i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", _(names[i]));
    for (int i = 0; i < more; i++)
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", _(clauses[i]));
    pst_style_space_standardise(atlas->space, statistics, x);
    pst_invention_nearest(atlas->space, atlas->artworks, x, FALSE, 1, &nearest);
    if (nearest >= 0) {
        g_autofree char *label = pst_artwork_label(&atlas->artworks->artworks[nearest]);

        g_string_append_printf(text, _("; near: %s"), label);
    }
    return g_string_free(text, FALSE);
}
