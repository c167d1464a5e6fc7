/* pastiche style invent: keeps a style that no painting has as a style file. */
#include "command.h"
#include "console.h"
#include "interrupt.h"
#include "style_request.h"
#include "style_source.h"
#include "app/common/own_styles.h"
#include "app/common/thumbnail.h"

#include "engine/base/memory_guard.h"
#include "engine/picture/output.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const PstUsage usage = {
    .command = "pastiche style invent",
    .parameters = "",
    .summary = N_("Makes a style file of a style that no painting has: from words, a sound, or chance."),
    .description = N_("The style says that it is invented, and which artworks are nearest (\"pastiche info\").\n"
                      "Without -o it joins your own styles. Prints the path of the file.\n"
                      "\n"
                      "Example:\n"
                      "  pastiche style invent --words \"stormy blue sea\" --name Storm\n"
                      "  pastiche stylize photo.jpg --style storm"),
};

typedef struct {
    PstStyleSource source;
    char *name, *output;
    PstConflict conflict;
} Request;

static gboolean check(Request *request, const char *conflict, char **rest, GError **error)
{
    if (rest) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("%s: takes no files"), rest[0]);
        return FALSE;
    }
    if (!pst_style_source_is_given(&request->source)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    _("what to invent is missing: --words, --sound, --surprise or --like"));
        return FALSE;
    }
    if (request->output && !g_str_has_suffix(request->output, PST_STYLE_SUFFIX)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s: the name of a style file has to end in %s"),
                    request->output, PST_STYLE_SUFFIX);
        return FALSE;
    }
    if (request->name &&
        (!*request->name || !g_utf8_validate(request->name, -1, NULL) || strlen(request->name) > PST_STYLE_TEXT)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--%s: has to be 1 to %d bytes long"), "name",
                    PST_STYLE_TEXT);
        return FALSE;
    }
    return pst_style_source_check(&request->source, error) && pst_option_conflict(conflict, &request->conflict, error);
}

static char *invent(const Request *request, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstAtlas) atlas = pst_atlas_load(error);
    g_autoptr(PstModel) model = atlas ? pst_model_load_default(error) : NULL;
    g_autoptr(GPtrArray) library = NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstStyleArgument) argument = NULL;
    g_autofree char *note = NULL, *path = NULL;
    PstWordsStyle answer;

    if (!model)
        return NULL;
    library = pst_style_library_read(pst_console_warn, NULL);
    argument = pst_style_source_make(&request->source, atlas, library, &answer, &note, error);
    if (!argument)
        return NULL;
    if (note)
        pst_console_error("%s", note);
    if (request->name) {
        g_free(argument->style->name);
        argument->style->name = g_strdup(request->name);
    }
    path = request->output ? pst_output_resolve(request->output, request->conflict, error)
                           : pst_own_styles_new_path(argument->style->name, request->conflict, error);
    if (!path)
        return NULL;
    pool = pst_thread_pool_new(0);
    argument->style->thumbnail = pst_thumbnail_paint(model, pool, argument->style, cancellable, error);
    return argument->style->thumbnail && pst_style_write(argument->style, path, error) ? g_steal_pointer(&path) : NULL;
}

int pst_command_style_invent(int argc, char **argv)
{
    static Request request;
    static char *conflict, **rest;
    g_autoptr(GCancellable) cancellable = NULL;
    g_autoptr(PstMemoryGuard) guard = NULL;
    g_autofree char *written = NULL;
    g_autoptr(GError) error = NULL;
    GOptionEntry sources[PST_STYLE_SOURCE_OPTIONS + 1] = { G_OPTION_ENTRY_NULL };
    const GOptionEntry entries[] = { { "name", 0, 0, G_OPTION_ARG_FILENAME, &request.name, N_("Name of the style"),
                                       N_("TEXT") },
                                     { "output", 'o', 0, G_OPTION_ARG_FILENAME, &request.output,
                                       N_("Where to write; a name that ends in .style"), N_("FILE") },
                                     PST_OPTION_CONFLICT(&conflict),
                                     { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
                                     G_OPTION_ENTRY_NULL };
    int status;

    pst_style_source_add_options(&request.source, sources);
    if (!pst_options_parse(&usage, sources, entries, argc, argv, &status))
        return status;
    if (!check(&request, conflict, rest, &error))
        return pst_options_fail(&usage, error);
    cancellable = pst_interrupt_watch();
    guard = pst_memory_guard_new(cancellable, &error);
    written = guard ? invent(&request, pst_memory_guard_cancellable(guard), &error) : NULL;
    pst_memory_guard_explain(guard, &error);
    return pst_style_request_end(written, error);
}
