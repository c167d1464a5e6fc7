/* pastiche style make: makes a style file from pictures. */
#include "command.h"
#include "console.h"
#include "app/common/file_kind.h"
#include "interrupt.h"
#include "app/common/own_styles.h"
#include "options.h"
#include "style_argument.h"
#include "app/common/thumbnail.h"

#include "engine/picture/output.h"
#include "engine/picture/reader.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MIN_STYLE_SIDE 32
#define MAX_STYLE_SIDE 8192

static const PstUsage usage = {
    .command = "pastiche style make",
    .parameters = N_("PICTURE..."),
    .summary = N_("Makes a style file from one or more pictures (JPEG or PNG), which count alike."),
    .description = N_("The file holds numbers about the pictures and not the pictures themselves. Without -o it\n"
                      "joins your own styles, so that --style finds it by name. Prints the path of the file.\n"
                      "\n"
                      "Example:\n"
                      "  pastiche style make haystacks-*.jpg --name Haystacks --artist \"Claude Monet\"\n"
                      "  pastiche stylize photo.jpg --style haystacks"),
};

static const char *const conflict_names[] = { "unique", "overwrite", "skip", NULL };

typedef struct {
    char **pictures;
    char *output, *name, *artist, *year, *movement, *licence, *thumbnail;
    char *style_size, *conflict, *threads; /* not checked yet */
    gboolean no_thumbnail;
    gint64 side, thread_count;
    int when_exists; /* PstConflict */
} Request;

static void request_clear(Request *request)
{
    char **texts[] = { &request->output,   &request->name,    &request->artist,    &request->year,
                       &request->movement, &request->licence, &request->thumbnail, &request->style_size,
                       &request->conflict, &request->threads };

    g_strfreev(request->pictures);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
}

static gboolean check_text(const char *option, const char *text, GError **error)
{
    if (!text)
        return TRUE;
    if (!g_utf8_validate(text, -1, NULL)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: is not UTF-8 text"), option);
        return FALSE;
    }
    if (!*text || strlen(text) > PST_STYLE_TEXT) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: has to be 1 to %d bytes long"), option,
                    PST_STYLE_TEXT);
        return FALSE;
    }
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p))) {
            g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        _("%s: has to be one line without control characters"), option);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check(Request *request, GError **error)
{
    request->side = PST_STYLE_SIDE;
    if (!request->pictures) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("a picture is missing"));
        return FALSE;
    }
    if (request->thumbnail && request->no_thumbnail) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("--thumbnail and --no-thumbnail exclude each other; leave one out"));
        return FALSE;
    }
    if (request->output && !g_str_has_suffix(request->output, PST_STYLE_SUFFIX)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: the name of a style file has to end in %s"),
                    request->output, PST_STYLE_SUFFIX);
        return FALSE;
    }
    return check_text("--name", request->name, error) && check_text("--artist", request->artist, error) &&
           check_text("--year", request->year, error) && check_text("--movement", request->movement, error) &&
           check_text("--licence", request->licence, error) &&
           pst_option_whole("--style-size", request->style_size, MIN_STYLE_SIDE, MAX_STYLE_SIDE, &request->side,
                            error) &&
           pst_option_choice("--on-conflict", request->conflict, conflict_names, &request->when_exists, error) &&
           pst_option_whole("--threads", request->threads, 1, 1024, &request->thread_count, error);
}

static gboolean parse(Request *request, int argc, char **argv, int *status)
{
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request->output, N_("Where to write; a name that ends in .style"),
          N_("FILE") },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &request->name, N_("Name of the style (default: that of the file)"),
          N_("TEXT") },
        { "artist", 0, 0, G_OPTION_ARG_FILENAME, &request->artist, N_("Who painted it"), N_("TEXT") },
        { "year", 0, 0, G_OPTION_ARG_FILENAME, &request->year, N_("When"), N_("TEXT") },
        { "movement", 0, 0, G_OPTION_ARG_FILENAME, &request->movement, N_("The movement it belongs to"), N_("TEXT") },
        { "licence", 0, 0, G_OPTION_ARG_FILENAME, &request->licence, N_("Licence of the style"), N_("TEXT") },
        { "license", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &request->licence, NULL, NULL },
        { "style-size", 0, 0, G_OPTION_ARG_FILENAME, &request->style_size,
          N_("Look at the pictures at this short side (default 512)"), N_("PIXELS") },
        { "thumbnail", 0, 0, G_OPTION_ARG_FILENAME, &request->thumbnail,
          N_("Show this picture (default: a sample painted in the style)"), N_("FILE") },
        { "no-thumbnail", 0, 0, G_OPTION_ARG_NONE, &request->no_thumbnail, N_("Leave the thumbnail out"), NULL },
        { "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, &request->conflict,
          N_("When the file exists: unique (default; a free name), overwrite or skip"), N_("HOW") },
        { "threads", 0, 0, G_OPTION_ARG_FILENAME, &request->threads, N_("Threads to use (default: one per processor)"),
          "N" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &request->pictures, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!pst_options_parse(&usage, entries, argc, argv, status))
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

    for (int i = 0; request->pictures[i]; i++) {
        PstStyleArgument *part = g_new0(PstStyleArgument, 1);

        part->label = pst_file_stem(request->pictures[i]);
        part->path = g_strdup(request->pictures[i]);
        part->picture = TRUE;
        part->weight = 1;
        g_ptr_array_add(parts, part);
        if (!pst_style_argument_load(part, cache, model, pool, NULL, (int)request->side, cancellable, error))
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
    g_autofree char *stem = pst_file_stem(request->output ? request->output : request->pictures[0]);
    g_autofree char *name = g_utf8_make_valid(request->name ? request->name : stem, -1);

    if (strlen(name) > PST_STYLE_TEXT)
        *g_utf8_find_prev_char(name, name + PST_STYLE_TEXT + 1) = '\0';
    set_text(&style->name, name);
    set_text(&style->artist, request->artist);
    set_text(&style->year, request->year);
    set_text(&style->movement, request->movement);
    set_text(&style->licence, request->licence);
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

static char *choose_path(const Request *request, GError **error)
{
    g_autofree char *stem = pst_file_stem(request->pictures[0]);

    return request->output ? pst_output_resolve(request->output, (PstConflict)request->when_exists, error)
                           : pst_own_styles_new_path(request->name ? request->name : stem,
                                                     (PstConflict)request->when_exists, error);
}

/* The path of the file that was written. */
static char *make(const Request *request, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = choose_path(request, error);
    g_autoptr(PstModel) model = path ? pst_model_load_default(error) : NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstStyle) style = NULL;

    if (!model)
        return NULL;
    pool = pst_thread_pool_new((int)request->thread_count);
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

static int run(const Request *request)
{
    g_autoptr(GCancellable) cancellable = pst_interrupt_watch();
    g_autoptr(GError) error = NULL;
    g_autofree char *written = make(request, cancellable, &error);

    if (written) {
        pst_console_path(written);
        return pst_console_finish();
    }
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_console_error(_("stopped; nothing was written"));
        return PST_EXIT_SIGNAL + pst_interrupt_signal();
    }
    /* --on-conflict skip: being there already is what was asked for. */
    if (g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS))
        return PST_EXIT_DONE;
    pst_console_failure(error);
    return PST_EXIT_FAILED;
}

int pst_command_style_make(int argc, char **argv)
{
    Request request = { 0 };
    int status;

    if (parse(&request, argc, argv, &status))
        status = run(&request);
    request_clear(&request);
    return status;
}
