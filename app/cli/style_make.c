/* pastiche style make: makes a style file from pictures. */
#include "command.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "style_argument.h"
#include "style_request.h"
#include "app/common/thumbnail.h"

#include "engine/base/memory_guard.h"
#include "engine/picture/inputs.h"
#include "engine/picture/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MIN_STYLE_SIDE 32
#define MAX_STYLE_SIDE 8192

static const PstUsage usage = {
    .command = "pastiche style make",
    .parameters = N_("PICTURE..."),
    .summary = N_("Makes a style file from one or more pictures, which count alike."),
    .description = N_("The file holds numbers about the pictures and not the pictures themselves. Without -o it\n"
                      "joins your own styles, so that --style finds it by name; without --name it is called like\n"
                      "the file. Prints the path of the file.\n"
                      "\n"
                      "Example:\n"
                      "  pastiche style make haystacks-*.jpg --name Haystacks --artist \"Claude Monet\"\n"
                      "  pastiche stylize photo.jpg --style haystacks"),
};

typedef struct {
    PstStyleRequest style;
    char *thumbnail, *style_size;
    gboolean no_thumbnail;
    gint64 side;
} Request;

static gboolean check(Request *request, GError **error)
{
    request->side = PST_STYLE_SIDE;
    if (request->thumbnail && request->no_thumbnail) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("--thumbnail and --no-thumbnail exclude each other; leave one out"));
        return FALSE;
    }
    return pst_option_whole("--style-size", request->style_size, MIN_STYLE_SIDE, MAX_STYLE_SIDE, &request->side, error);
}

static gboolean parse(Request *request, int argc, char **argv, int *status)
{
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = { { "style-size", 0, 0, G_OPTION_ARG_FILENAME, &request->style_size,
                                       N_("Look at the pictures at this short side (default 512)"), N_("PIXELS") },
                                     { "thumbnail", 0, 0, G_OPTION_ARG_FILENAME, &request->thumbnail,
                                       N_("Show this picture (default: a sample painted in the style)"), N_("FILE") },
                                     { "no-thumbnail", 0, 0, G_OPTION_ARG_NONE, &request->no_thumbnail,
                                       N_("Leave the thumbnail out"), NULL },
                                     G_OPTION_ENTRY_NULL };

    if (!pst_style_request_parse(&request->style, &usage, entries, argc, argv, status))
        return FALSE;
    if (check(request, &error))
        return TRUE;
    *status = pst_options_fail(&usage, error);
    return FALSE;
}

/* The style of all pictures, which count alike. */
static PstStyle *mix_pictures(const Request *request, const PstModel *model, PstThreadPool *pool,
                              GCancellable *cancellable, GError **error)
{
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(NULL, 0);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)pst_style_argument_free);

    for (int i = 0; request->style.pictures[i]; i++) {
        PstStyleArgument *part = g_new0(PstStyleArgument, 1);

        part->label = pst_file_stem(request->style.pictures[i]);
        part->path = g_strdup(request->style.pictures[i]);
        part->picture = TRUE;
        part->weight = 1;
        g_ptr_array_add(parts, part);
        if (!pst_style_argument_load(part, cache, model, pool, NULL, (int)request->side, TRUE, cancellable, error))
            return NULL;
    }
    return pst_style_arguments_mix(parts);
}

static void set_text(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

/* --name, or the name of the file that will be written, or that of the first picture. */
static void describe(PstStyle *style, const Request *request)
{
    g_autofree char *stem = pst_file_stem(request->style.output ? request->style.output : request->style.pictures[0]);
    g_autofree char *name = g_utf8_make_valid(request->style.name ? request->style.name : stem, -1);

    if (strlen(name) > PST_STYLE_TEXT)
        *g_utf8_find_prev_char(name, name + PST_STYLE_TEXT + 1) = '\0';
    set_text(&style->name, name);
    set_text(&style->artist, request->style.artist);
    set_text(&style->year, request->style.year);
    set_text(&style->movement, request->style.movement);
    set_text(&style->author, request->style.author);
    set_text(&style->licence, request->style.licence);
}

static GBytes *make_thumbnail(const Request *request, const PstModel *model, PstThreadPool *pool, const PstStyle *style,
                              GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) picture = NULL;

    if (!request->thumbnail)
        return pst_thumbnail_paint(model, pool, style, cancellable, error);
    picture = pst_picture_read(request->thumbnail, NULL, cancellable, error);
    return picture ? pst_thumbnail_crop(picture, cancellable, error) : NULL;
}

/* Nothing that is read here is written over. */
static gboolean spare_inputs(const Request *request, GError **error)
{
    g_autoptr(PstInputs) inputs = pst_inputs_new();

    for (int i = 0; request->style.pictures[i]; i++)
        pst_inputs_add(inputs, request->style.pictures[i]);
    pst_inputs_add(inputs, request->thumbnail);
    return !request->style.output || pst_inputs_spare(inputs, request->style.output, error);
}

/* The path of the file that was written. */
static char *make(const Request *request, GCancellable *cancellable, GError **error)
{
    g_autofree char *stem = pst_file_stem(request->style.pictures[0]);
    g_autofree char *path = pst_style_request_path(&request->style, request->style.name ? request->style.name : stem,
                                                   error);
    g_autoptr(PstModel) model = path ? pst_model_load_default(error) : NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstStyle) style = NULL;

    if (!model || !spare_inputs(request, error))
        return NULL;
    pool = pst_thread_pool_new(request->style.threads);
    style = mix_pictures(request, model, pool, cancellable, error);
    if (!style)
        return NULL;
    describe(style, request);
    g_clear_pointer(&style->thumbnail, g_bytes_unref);
    if (!request->no_thumbnail) {
        style->thumbnail = make_thumbnail(request, model, pool, style, cancellable, error);
        if (!style->thumbnail)
            return NULL;
    }
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
        return NULL;
    return pst_style_write(style, path, error) ? g_steal_pointer(&path) : NULL;
}

int pst_command_style_make(int argc, char **argv)
{
    static Request request;
    g_autoptr(GCancellable) cancellable = NULL;
    g_autoptr(PstMemoryGuard) guard = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *written = NULL;
    int status;

    if (!parse(&request, argc, argv, &status))
        return status;
    cancellable = pst_interrupt_watch();
    guard = pst_memory_guard_new(cancellable, &error);
    written = guard ? make(&request, pst_memory_guard_cancellable(guard), &error) : NULL;
    pst_memory_guard_explain(guard, &error);
    return pst_style_request_end(written, error);
}
