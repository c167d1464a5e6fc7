/* pastiche walk: paints a photograph in the styles on the way from one to another, side by side. */
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "style_request.h"
#include "style_source.h"

#include "engine/base/memory_guard.h"
#include "engine/paint/painter.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define STEPS       9
#define MOST_STEPS  64
#define SIDE        320 /* pixels of each picture's long side */
#define LARGEST     2048
#define SAMPLE      "lake.jpg"
#define LEAST_SOUND 1.0 /* seconds of a step of a sound, at least */

static const PstUsage usage = {
    .command = "pastiche walk",
    .parameters = N_("FROM TO"),
    .summary = N_("Paints a photograph in styles on the way from one style to another, as a strip of pictures."),
    .description = N_(
        "FROM and TO are names that \"pastiche styles\" lists, artworks that \"pastiche styles --search\"\n"
        "finds, or style files. With --sound the way is that of a sound over its time, and neither is\n"
        "given. Without --photo a sample is painted. Prints the path of the strip.\n"
        "\n"
        "Example:\n"
        "  pastiche walk great-wave starry-night --photo photo.jpg --steps 9 -o walk.png"),
};

typedef struct {
    char *photo, *output, *sound, **ends;
    gint64 steps, side;
    PstConflict conflict;
} Request;

static gboolean check(Request *request, const char *steps, const char *side, const char *conflict, GError **error)
{
    guint ends = request->ends ? g_strv_length(request->ends) : 0;

    request->steps = STEPS;
    request->side = SIDE;
    if (ends != (request->sound ? 0 : 2)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s",
                    request->sound ? _("a sound is a way by itself; leave the styles out")
                                   : _("a way has two ends; give two styles"));
        return FALSE;
    }
    return pst_option_whole("--steps", steps, 2, MOST_STEPS, &request->steps, error) &&
           pst_option_whole("--size", side, 32, LARGEST, &request->side, error) &&
           pst_option_conflict(conflict, &request->conflict, error);
}

static PstStyle *find_end(const char *text, const GPtrArray *library, GError **error)
{
    g_autoptr(PstStyleArgument) argument = pst_style_argument_new(text, library, error);

    if (argument && !argument->style)
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("%s: a way needs styles; make one with \"pastiche style make\""), text);
    return argument && argument->style ? pst_style_copy(argument->style) : NULL;
}

/* The styles of the way (PstStyle), in their order. */
static GPtrArray *between(const Request *request, const PstAtlas *atlas, GError **error)
{
    g_autoptr(GPtrArray) library = pst_style_library_read(pst_console_warn, NULL);
    g_autoptr(PstStyle) from = find_end(request->ends[0], library, error);
    g_autoptr(PstStyle) to = from ? find_end(request->ends[1], library, error) : NULL;
    GPtrArray *styles;

    if (!to)
        return NULL;
    styles = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_free);
    for (int i = 0; i < request->steps; i++)
        g_ptr_array_add(styles, pst_atlas_between(atlas, from, to, i / (double)(request->steps - 1)));
    return styles;
}

static GPtrArray *over_time(const Request *request, const PstAtlas *atlas, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstSound) sound = pst_sound_read(request->sound, cancellable, error);
    GPtrArray *styles;
    double duration;
    int steps;

    if (!sound)
        return NULL;
    duration = pst_sound_duration(sound);
    steps = (int)CLAMP(duration / LEAST_SOUND, 1, request->steps);
    styles = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_free);
    for (int i = 0; i < steps; i++) {
        double features[PST_SOUND_FEATURES];
        PstWordsStyle answer;
        PstMood mood;

        pst_sound_features(sound, duration * i / steps, duration * (i + 1) / steps, features);
        mood = pst_mood_of_features(features);
        g_ptr_array_add(styles, pst_atlas_of_mood(atlas, &mood, &answer));
    }
    return styles;
}

static PstPicture *read_photo(const Request *request, GCancellable *cancellable, GError **error)
{
    g_autofree char *folder = request->photo ? NULL : pst_data_folder(error);
    g_autofree char *sample = folder ? g_build_filename(folder, "samples", SAMPLE, NULL) : NULL;
    const char *path = request->photo ? request->photo : sample;
    g_autoptr(PstPicture) picture = path ? pst_picture_read(path, NULL, cancellable, error) : NULL;

    return picture ? pst_picture_fit_long_side(picture, (int)request->side, cancellable, error) : NULL;
}

/* The photograph in each style, side by side. */
static PstPicture *paint(PstPicture *photo, const GPtrArray *styles, const PstModel *model, GCancellable *cancellable,
                         GError **error)
{
    const PstPainterOptions options = { .keep = TRUE };
    const PstRowSource source = pst_row_source(photo);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(0);
    g_autoptr(PstPicture) strip = pst_picture_new(photo->width * (int)styles->len, photo->height, FALSE, error);
    g_autoptr(PstPainter) painter = NULL;

    if (!strip || !(painter = pst_painter_new(model, pool, &source, &options, cancellable, error)))
        return NULL;
    for (guint i = 0; i < styles->len; i++) {
        g_autoptr(PstPicture) painting = NULL;
        const PstPaintLayer layer = { .style = styles->pdata[i] };
        const PstRowSink sink = { .picture = &painting };

        if (!pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, cancellable, error))
            return NULL;
        for (int y = 0; y < photo->height; y++) {
            memcpy(strip->rgb + 3 * ((gsize)y * strip->width + (gsize)i * photo->width),
                   painting->rgb + 3 * (gsize)y * photo->width, 3 * (gsize)photo->width * sizeof *strip->rgb);
        }
    }
    return g_steal_pointer(&strip);
}

/* "walk-great-wave-starry-night.jpg", or that of the sound. */
static char *default_output(const Request *request)
{
    g_autofree char *sound = request->sound ? g_path_get_basename(request->sound) : NULL;
    g_autofree char *text = sound ? g_strdup(sound) : g_strjoin("-", request->ends[0], request->ends[1], NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1), *name = pst_style_library_identifier(valid);

    return g_strdup_printf("walk-%.60s.jpg", name);
}

static char *walk(const Request *request, GCancellable *cancellable, GError **error)
{
    const PstProvenance provenance = { .program = "Pastiche " PASTICHE_VERSION };
    const PstWriteOptions options = { .conflict = request->conflict, .provenance = &provenance };
    g_autofree char *output = request->output ? g_strdup(request->output) : default_output(request);
    g_autoptr(PstAtlas) atlas = pst_atlas_load(error);
    g_autoptr(PstModel) model = atlas ? pst_model_load_default(error) : NULL;
    g_autoptr(PstPicture) photo = model ? read_photo(request, cancellable, error) : NULL;
    g_autoptr(GPtrArray) styles = NULL;
    g_autoptr(PstPicture) strip = NULL;
    char *written = NULL;

    if (!photo)
        return NULL;
    styles = request->sound ? over_time(request, atlas, cancellable, error) : between(request, atlas, error);
    strip = styles ? paint(photo, styles, model, cancellable, error) : NULL;
    return strip && pst_picture_write(strip, output, &options, &written, cancellable, error) ? written : NULL;
}

int pst_command_walk(int argc, char **argv)
{
    static Request request;
    static char *steps, *side, *conflict;
    g_autoptr(GCancellable) cancellable = NULL;
    g_autoptr(PstMemoryGuard) guard = NULL;
    g_autofree char *written = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "photo", 0, 0, G_OPTION_ARG_FILENAME, &request.photo, N_("Photograph to paint (default: a sample)"),
          N_("FILE") },
        { "steps", 0, 0, G_OPTION_ARG_FILENAME, &steps, N_("Pictures on the way, both ends included (default 9)"),
          "2..64" },
        { "sound", 0, 0, G_OPTION_ARG_FILENAME, &request.sound, N_("Follow a sound file over its time"), N_("FILE") },
        { "size", 0, 0, G_OPTION_ARG_FILENAME, &side, N_("Long side of each picture (default 320)"), N_("PIXELS") },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output, N_("Where to write the strip"), N_("FILE") },
        PST_OPTION_CONFLICT(&conflict),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request.ends, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    int status;

    if (!pst_options_parse(&usage, entries, NULL, argc, argv, &status))
        return status;
    if (!check(&request, steps, side, conflict, &error))
        return pst_options_fail(&usage, error);
    cancellable = pst_interrupt_watch();
    guard = pst_memory_guard_new(cancellable, &error);
    written = guard ? walk(&request, pst_memory_guard_cancellable(guard), &error) : NULL;
    pst_memory_guard_explain(guard, &error);
    return pst_style_request_end(written, error);
}
