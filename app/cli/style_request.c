#include "style_request.h"

#include "app/common/own_styles.h"
#include "command.h"
#include "console.h"
#include "interrupt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean fail(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, arguments));
    va_end(arguments);
    return FALSE;
}

static gboolean check_text(const char *option, const char *text, GError **error)
{
    if (!text)
        return TRUE;
    if (!g_utf8_validate(text, -1, NULL))
        return fail(error, _("--%s: is not UTF-8 text"), option);
    if (!*text || strlen(text) > PST_STYLE_TEXT)
        return fail(error, _("--%s: has to be 1 to %d bytes long"), option, PST_STYLE_TEXT);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return fail(error, _("--%s: has to be one line without control characters"), option);
    }
    return TRUE;
}

static gboolean check(PstStyleRequest *r, const char *conflict, const char *threads, GError **error)
{
    const struct {
        const char *option, *text;
    } texts[] = { { "name", r->name },         { "artist", r->artist }, { "year", r->year },
                  { "movement", r->movement }, { "author", r->author }, { "licence", r->licence } };
    gint64 count = 0;

    if (!r->pictures)
        return fail(error, _("a picture is missing"));
    if (r->output && !g_str_has_suffix(r->output, PST_STYLE_SUFFIX))
        return fail(error, _("%s: the name of a style file has to end in %s"), r->output, PST_STYLE_SUFFIX);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (!check_text(texts[i].option, texts[i].text, error))
            return FALSE;
    }
    if (!pst_option_conflict(conflict, &r->conflict, error) ||
        !pst_option_whole("--threads", threads, 1, 1024, &count, error))
        return FALSE;
    r->threads = (int)count;
    return TRUE;
}

gboolean pst_style_request_parse(PstStyleRequest *r, const PstUsage *usage, const GOptionEntry *entries, int argc,
                                 char **argv, int *status)
{
    char *conflict = NULL, *threads = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry common[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &r->output, N_("Where to write; a name that ends in .style"),
          N_("FILE") },
        { "name", 0, 0, G_OPTION_ARG_FILENAME, &r->name, N_("Name of the style"), N_("TEXT") },
        { "artist", 0, 0, G_OPTION_ARG_FILENAME, &r->artist, N_("Who painted the pictures"), N_("TEXT") },
        { "year", 0, 0, G_OPTION_ARG_FILENAME, &r->year, N_("When"), N_("TEXT") },
        { "movement", 0, 0, G_OPTION_ARG_FILENAME, &r->movement, N_("The movement it belongs to"), N_("TEXT") },
        { "author", 0, 0, G_OPTION_ARG_FILENAME, &r->author, N_("Who makes the style"), N_("TEXT") },
        { "licence", 0, 0, G_OPTION_ARG_FILENAME, &r->licence, N_("Licence of the style"), N_("TEXT") },
        { "license", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &r->licence, NULL, NULL },
        PST_OPTION_CONFLICT(&conflict),
        PST_OPTION_THREADS(&threads),
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &r->pictures, NULL, NULL },
        G_OPTION_ENTRY_NULL
    };
    gboolean go_on = pst_options_parse(usage, entries, common, argc, argv, status);

    if (go_on && !check(r, conflict, threads, &error)) {
        *status = pst_options_fail(usage, error);
        go_on = FALSE;
    }
    g_free(conflict);
    g_free(threads);
    return go_on;
}

char *pst_style_request_path(const PstStyleRequest *r, const char *name, GError **error)
{
    return r->output ? pst_output_resolve(r->output, r->conflict, error)
                     : pst_own_styles_new_path(name, r->conflict, error);
}

int pst_style_request_end(const char *written, const GError *error)
{
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
