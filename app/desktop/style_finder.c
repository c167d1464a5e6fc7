#include "style_finder.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/common/advice.h"
#include "app/common/atlas.h"
#include "thread_task.h"

#define ID         "found"        /* of the style in looks */
#define MERGE      "style-finder" /* steps of undo */
#define LEAST      6              /* artworks of a movement that has a name on the map */
#define AROUND     0.1            /* how near artworks are that make a movement dense */
#define ARTWORKS   40             /* of a search, at most */
#define VARIATIONS 9
#define SPREAD     0.5 /* of the first variations */
#define TIGHTEN    0.7 /* how much narrower the next ones are */
#define NARROWEST  0.06

typedef struct {
    char *name;
    double x, y;
    int count, around; /* artworks of it, and those near x, y */
} Movement;

struct _PstStyleFinder {
    GObject parent_instance;
    PstEngineService *service;
    PstDocument *document;
    PstAtlas *atlas;
    GArray *movements;
    PstPhrase *phrase;
    gboolean heard; /* what is at hand is a sound's: its mood stands for a phrase */
    PstMood mood;
    int *artworks, count; /* that fit the phrase */
    int answer;
    PstStyle *from;  /* what the document had at first, or NULL */
    PstStyle *found; /* where the way leads */
    PstStyle *style; /* at hand */
    char *note;
    guint64 seed;
    double spread;
    PstStylePictures *variations, *answers;
};

G_DEFINE_FINAL_TYPE(PstStyleFinder, pst_style_finder, G_TYPE_OBJECT)

enum { CHANGED, SIGNALS };
static guint signals[SIGNALS];
enum { READY = 1, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

/* ---- the bank ------------------------------------------------------------------------------- */

static void movement_clear(gpointer movement)
{
    g_free(((Movement *)movement)->name);
}

static int by_count(gconstpointer a, gconstpointer b)
{
    return ((const Movement *)b)->count - ((const Movement *)a)->count;
}

/* How many of a movement are near an artwork of it. */
static int count_around(const PstArtworks *bank, int index, const char *name)
{
    const float *at = bank->artworks[index].position;
    int count = 0;

    for (int i = 0; i < bank->count; i++) {
        const float *other = bank->artworks[i].position;

        count += g_str_has_prefix(bank->artworks[i].movement, name) &&
                 hypot(at[0] - other[0], at[1] - other[1]) < AROUND;
    }
    return count;
}

/* Movements of several artworks, the largest first. "Realism (Barbizon)" is Realism. Its name stands where it is
 * densest: in the middle of all of it there may be none. */
static void find_movements(PstStyleFinder *finder)
{
    const PstArtworks *bank = finder->atlas->artworks;
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    GArray *movements = finder->movements;

    for (int i = 0; i < bank->count; i++) {
        const PstArtwork *a = &bank->artworks[i];
        g_auto(GStrv) parts = g_strsplit_set(a->movement, "(/", 2);
        Movement *movement;
        guint place;
        int around;

        if (!parts[0] || !*g_strstrip(parts[0]))
            continue;
        place = GPOINTER_TO_UINT(g_hash_table_lookup(places, parts[0]));
        if (place == 0) {
            Movement fresh = { .name = g_strdup(parts[0]) };

            g_array_append_val(movements, fresh);
            place = movements->len;
            g_hash_table_insert(places, fresh.name, GUINT_TO_POINTER(place));
        }
        movement = &g_array_index(movements, Movement, place - 1);
        movement->count++;
        around = count_around(bank, i, movement->name);
        if (around > movement->around) {
            movement->around = around;
            movement->x = a->position[0];
            movement->y = a->position[1];
        }
    }
    g_array_sort(movements, by_count);
    while (movements->len > 0 && g_array_index(movements, Movement, movements->len - 1).count < LEAST)
        g_array_set_size(movements, movements->len - 1);
}

static void load(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    GError *error = NULL;
    PstAtlas *atlas = pst_atlas_load(&error);

    pst_thread_task_return(task, atlas, (GDestroyNotify)pst_atlas_free, error);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer data)
{
    PstStyleFinder *finder = PST_STYLE_FINDER(source);
    g_autoptr(GError) error = NULL;

    finder->atlas = g_task_propagate_pointer(G_TASK(result), &error);
    if (finder->atlas) {
        find_movements(finder);
        g_object_notify_by_pspec(G_OBJECT(finder), properties[READY]);
    } else {
        g_autofree char *text = pst_error_text(error);

        pst_document_tell(finder->document, text);
    }
}

PstStyleFinder *pst_style_finder_new(PstEngineService *service, PstDocument *document)
{
    PstStyleFinder *finder = g_object_new(PST_TYPE_STYLE_FINDER, NULL);
    const PstLookRegion *region = &pst_document_look(document)->regions[pst_document_region(document)];

    finder->service = service;
    finder->document = g_object_ref(document);
    finder->variations = pst_style_pictures_new(service, document, VARIATIONS);
    finder->answers = pst_style_pictures_new(service, document, PST_WORDS_VARIATIONS);
    finder->from = region->count > 0 ? pst_look_region_mix(region) : NULL;
    pst_thread_task_run(finder, NULL, load, NULL, NULL, on_loaded, NULL);
    return finder;
}

gboolean pst_style_finder_is_ready(PstStyleFinder *finder)
{
    return finder->atlas != NULL;
}

/* ---- what is found -------------------------------------------------------------------------- */

static char *nearest_text(PstStyleFinder *finder)
{
    float x[PST_STYLE_SIZE];
    int nearest[2];
    g_autofree char *first = NULL, *second = NULL;
    const PstArtwork *artworks = finder->atlas->artworks->artworks;

    pst_style_space_standardise(finder->atlas->space, finder->style->statistics, x);
    pst_invention_nearest(finder->atlas->space, finder->atlas->artworks, x, FALSE, 2, nearest);
    first = pst_artwork_label(&artworks[nearest[0]]);
    second = pst_artwork_label(&artworks[nearest[1]]);
    return g_strdup_printf(_("Near: %s (%s); %s (%s)"), first, artworks[nearest[0]].licence, second,
                           artworks[nearest[1]].licence);
}

/* Paints a style, which is taken over. `found`: it is where ways lead. */
static void show(PstStyleFinder *finder, PstStyle *style, gboolean found, const PstWordsStyle *answer,
                 const char *prefix)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(finder->document));
    int number = pst_document_region(finder->document);
    PstLookRegion *region = &look->regions[number];
    g_autofree char *nearest = NULL;

    pst_style_free(finder->style);
    finder->style = style;
    if (found) {
        pst_style_free(finder->found);
        finder->found = pst_style_copy(style);
    }
    while (region->count > 0)
        pst_look_region_remove(region, region->count - 1);
    pst_look_add_style(look, number, ID, style, 1);
    if (answer)
        pst_atlas_apply(answer, look);
    pst_document_set_look(finder->document, look, MERGE);
    nearest = nearest_text(finder);
    g_free(finder->note);
    finder->note = prefix ? g_strconcat(prefix, "\n", nearest, NULL) : g_steal_pointer(&nearest);
    g_signal_emit(finder, signals[CHANGED], 0);
}

const char *pst_style_finder_note(PstStyleFinder *finder)
{
    return finder->note ? finder->note : "";
}

const PstStyle *pst_style_finder_style(PstStyleFinder *finder)
{
    return finder->style;
}

/* ---- the map -------------------------------------------------------------------------------- */

gboolean pst_style_finder_dot(PstStyleFinder *finder, int index, double *x, double *y, const guint8 **colours)
{
    const PstArtworks *bank = finder->atlas ? finder->atlas->artworks : NULL;

    if (!bank || index >= bank->count)
        return FALSE;
    *x = bank->artworks[index].position[0];
    *y = bank->artworks[index].position[1];
    *colours = &bank->artworks[index].appearance.palette[0][0];
    return TRUE;
}

gboolean pst_style_finder_movement(PstStyleFinder *finder, int index, double *x, double *y, const char **name)
{
    const Movement *movement;

    if (index >= (int)finder->movements->len)
        return FALSE;
    movement = &g_array_index(finder->movements, Movement, index);
    *x = movement->x;
    *y = movement->y;
    *name = movement->name;
    return TRUE;
}

void pst_style_finder_point(PstStyleFinder *finder, double x, double y)
{
    double distance;
    int nearest;

    if (!finder->atlas)
        return;
    nearest = pst_style_map_nearest(finder->atlas->map, x, y, &distance);
    if (nearest >= 0 && distance < PST_STYLE_FINDER_REACH) {
        x = finder->atlas->artworks->artworks[nearest].position[0];
        y = finder->atlas->artworks->artworks[nearest].position[1];
    }
    show(finder, pst_atlas_at(finder->atlas, x, y), TRUE, NULL, NULL);
}

char *pst_style_finder_label(PstStyleFinder *finder, double x, double y)
{
    double distance;
    int nearest = finder->atlas ? pst_style_map_nearest(finder->atlas->map, x, y, &distance) : -1;

    return nearest >= 0 && distance < PST_STYLE_FINDER_REACH
               ? pst_artwork_label(&finder->atlas->artworks->artworks[nearest])
               : NULL;
}

/* ---- words and sounds ----------------------------------------------------------------------- */

static void answer(PstStyleFinder *finder)
{
    PstWordsStyle words;
    PstStyle *style = pst_atlas_of_phrase(finder->atlas, finder->phrase, finder->answer, &words);

    if (style)
        show(finder, style, TRUE, &words, NULL);
    else
        g_signal_emit(finder, signals[CHANGED], 0);
}

/* Other answers to the phrase, in small. */
static void paint_answers(PstStyleFinder *finder)
{
    PstWordsStyle words;

    for (int i = 0; i < pst_style_pictures_count(finder->answers); i++)
        pst_style_pictures_set(finder->answers, i,
                               finder->phrase ? pst_atlas_of_phrase(finder->atlas, finder->phrase, i + 1, &words)
                                              : NULL);
}

void pst_style_finder_ask(PstStyleFinder *finder, const char *text)
{
    if (!finder->atlas)
        return;
    finder->heard = FALSE;
    pst_phrase_free(finder->phrase);
    finder->phrase = pst_phrase_parse(pst_words_parser(finder->atlas->words), text);
    finder->answer = 0;
    g_free(finder->artworks);
    finder->artworks = pst_words_search(finder->atlas->words, finder->phrase, ARTWORKS, &finder->count);
    answer(finder);
    paint_answers(finder);
}

gboolean pst_style_finder_artwork(PstStyleFinder *finder, int index, char **title, char **facts)
{
    const PstArtwork *a;
    const char *texts[5];
    int count = 0;

    if (index >= finder->count)
        return FALSE;
    a = &finder->atlas->artworks->artworks[finder->artworks[index]];
    for (gsize i = 0; i < 4; i++) {
        const char *text = ((const char *const[]){ a->artist, a->year, a->movement, a->licence })[i];

        if (*text)
            texts[count++] = text;
    }
    texts[count] = NULL;
    *title = g_strdup(a->title);
    *facts = g_strjoinv(" · ", (char **)texts);
    return TRUE;
}

void pst_style_finder_pick(PstStyleFinder *finder, int index)
{
    if (index < finder->count)
        show(finder, pst_artwork_style(&finder->atlas->artworks->artworks[finder->artworks[index]]), TRUE, NULL, NULL);
}

/* The trait of a mood that is its word of that index, or PST_MOOD_TRAITS. */
static PstMoodTrait trait_at(const PstMood *mood, int index)
{
    PstMoodTrait trait = 0;

    for (; trait < PST_MOOD_TRAITS; trait++) {
        if (pst_mood_word(mood, trait) && index-- == 0)
            break;
    }
    return trait;
}

const char *pst_style_finder_word(PstStyleFinder *finder, int index, gboolean *understood)
{
    if (finder->heard) {
        PstMoodTrait trait = trait_at(&finder->mood, index);

        *understood = TRUE;
        return trait < PST_MOOD_TRAITS ? _(pst_mood_word(&finder->mood, trait)) : NULL;
    }
    if (!finder->phrase || index >= finder->phrase->count)
        return NULL;
    *understood = finder->phrase->terms[index].kind != PST_TERM_UNKNOWN;
    return finder->phrase->terms[index].text;
}

static void answer_mood(PstStyleFinder *finder)
{
    g_autofree char *text = pst_atlas_mood_text(&finder->mood);
    g_autofree char *prefix = g_strdup_printf(_("An interpretation of the sound: %s"), text);
    PstWordsStyle words;

    show(finder, pst_atlas_of_mood(finder->atlas, &finder->mood, &words), TRUE, &words, prefix);
}

void pst_style_finder_remove_word(PstStyleFinder *finder, int index)
{
    PstPhrase *rest;

    if (finder->heard) {
        PstMoodTrait trait = trait_at(&finder->mood, index);

        if (trait < PST_MOOD_TRAITS) {
            finder->mood.traits[trait] = 0;
            pst_mood_feel(&finder->mood);
            answer_mood(finder);
        }
        return;
    }
    if (!finder->phrase || index >= finder->phrase->count)
        return;
    rest = pst_phrase_without(finder->phrase, index);
    pst_phrase_free(finder->phrase);
    finder->phrase = rest;
    answer(finder);
    paint_answers(finder);
}

PstStylePictures *pst_style_finder_answers(PstStyleFinder *finder)
{
    return finder->answers;
}

void pst_style_finder_take_answer(PstStyleFinder *finder, int index)
{
    if (!finder->phrase)
        return;
    finder->answer = index + 1;
    answer(finder);
}

static void listen(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    GError *error = NULL;
    PstSound *sound = pst_sound_read(path, cancellable, &error);

    pst_thread_task_return(task, sound, (GDestroyNotify)pst_sound_free, error);
}

static void on_heard(GObject *source, GAsyncResult *result, gpointer data)
{
    PstStyleFinder *finder = PST_STYLE_FINDER(source);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstSound) sound = g_task_propagate_pointer(G_TASK(result), &error);
    double features[PST_SOUND_FEATURES];

    if (!sound) {
        pst_document_tell(finder->document, error->message);
        return;
    }
    pst_sound_features(sound, 0, pst_sound_duration(sound), features);
    finder->heard = TRUE;
    finder->mood = pst_mood_of_features(features);
    g_clear_pointer(&finder->phrase, pst_phrase_free);
    finder->count = 0;
    answer_mood(finder);
    paint_answers(finder);
}

void pst_style_finder_listen(PstStyleFinder *finder, const char *path)
{
    if (finder->atlas)
        pst_thread_task_run(finder, NULL, listen, g_strdup(path), g_free, on_heard, NULL);
}

/* ---- inventions ----------------------------------------------------------------------------- */

void pst_style_finder_surprise(PstStyleFinder *finder)
{
    if (finder->atlas)
        show(finder, pst_atlas_surprise(finder->atlas, g_random_int() % 100000), TRUE, NULL, NULL);
}

void pst_style_finder_walk(PstStyleFinder *finder, double share)
{
    if (finder->atlas && finder->from && finder->found)
        show(finder, pst_atlas_between(finder->atlas, finder->from, finder->found, share), FALSE, NULL, NULL);
}

static void vary(PstStyleFinder *finder, const PstStyle *style, double spread)
{
    finder->spread = spread;
    finder->seed = g_random_int();
    for (int i = 0; i < pst_style_pictures_count(finder->variations); i++)
        pst_style_pictures_set(finder->variations, i, pst_atlas_like(finder->atlas, style, finder->seed, i, spread));
}

void pst_style_finder_vary(PstStyleFinder *finder)
{
    const PstStyle *style = finder->style ? finder->style : finder->from;

    if (finder->atlas && style)
        vary(finder, style, SPREAD);
}

PstStylePictures *pst_style_finder_variations(PstStyleFinder *finder)
{
    return finder->variations;
}

void pst_style_finder_choose(PstStyleFinder *finder, int index)
{
    const PstStyle *style = pst_style_pictures_style(finder->variations, index);

    if (!finder->atlas || !style)
        return;
    show(finder, pst_style_copy(style), TRUE, NULL, NULL);
    vary(finder, finder->style, MAX(NARROWEST, finder->spread * TIGHTEN));
}

/* ---- the object ----------------------------------------------------------------------------- */

static void pst_style_finder_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    if (id == READY)
        g_value_set_boolean(value, pst_style_finder_is_ready(PST_STYLE_FINDER(object)));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void pst_style_finder_finalize(GObject *object)
{
    PstStyleFinder *finder = PST_STYLE_FINDER(object);

    g_clear_object(&finder->variations);
    g_clear_object(&finder->answers);
    pst_style_free(finder->from);
    pst_style_free(finder->found);
    pst_style_free(finder->style);
    pst_phrase_free(finder->phrase);
    g_free(finder->artworks);
    pst_atlas_free(finder->atlas);
    g_array_unref(finder->movements);
    g_object_unref(finder->document);
    g_free(finder->note);
    G_OBJECT_CLASS(pst_style_finder_parent_class)->finalize(object);
}

static void pst_style_finder_init(PstStyleFinder *finder)
{
    finder->movements = g_array_new(FALSE, TRUE, sizeof(Movement));
    g_array_set_clear_func(finder->movements, movement_clear);
}

static void pst_style_finder_class_init(PstStyleFinderClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->get_property = pst_style_finder_get_property;
    object_class->finalize = pst_style_finder_finalize;
    properties[READY] = g_param_spec_boolean("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object_class, PROPERTIES, properties);
    signals[CHANGED] = g_signal_new("changed", PST_TYPE_STYLE_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}
