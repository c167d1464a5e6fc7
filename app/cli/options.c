#include "options.h"

#include "command.h"
#include "console.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const conflict_names[] = { "unique", "overwrite", "skip", NULL };

/* GLib's help, with ASCII dots: the C locale has no others. */
static void print_help(const PstUsage *usage, GOptionContext *context)
{
    g_autofree char *help = NULL;
    g_auto(GStrv) parts = NULL;
    g_autofree char *ascii = NULL;

    g_set_prgname(usage->command);
    help = g_option_context_get_help(context, TRUE, NULL);
    g_set_prgname("pastiche");
    parts = g_strsplit(help, "\xe2\x80\xa6", -1);
    ascii = g_strjoinv("...", parts);
    pst_console_print("%s", ascii);
}

gboolean pst_options_parse(const PstUsage *usage, const GOptionEntry *entries, const GOptionEntry *common, int argc,
                           char **argv, int *status)
{
    gboolean help = FALSE;
    const GOptionEntry help_entries[] = { { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_("Show this text"), NULL },
                                          G_OPTION_ENTRY_NULL };
    g_autoptr(GOptionContext) context = g_option_context_new(usage->parameters);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_new0(char *, argc + 1);

    /* The parser shortens the list; it works on a copy so that nothing is lost or leaked. */
    for (int i = 0; i < argc; i++)
        words[i] = g_strdup(argv[i]);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
    g_option_context_set_summary(context, usage->summary);
    g_option_context_set_description(context, usage->description);
    if (common)
        g_option_context_add_main_entries(context, common, GETTEXT_PACKAGE);
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_add_main_entries(context, help_entries, GETTEXT_PACKAGE);

    if (!g_option_context_parse_strv(context, &words, &error)) {
        *status = pst_options_fail(usage, error);
        return FALSE;
    }
    if (help) {
        print_help(usage, context);
        *status = pst_console_finish();
        return FALSE;
    }
    return TRUE;
}

int pst_options_fail(const PstUsage *usage, const GError *error)
{
    g_autofree char *message = g_strdup(error->message);

    /* GLib's messages are sentences, ours go on after a colon. */
    if (g_ascii_isupper(message[0]) && g_ascii_islower(message[1]))
        message[0] = g_ascii_tolower(message[0]);
    pst_console_error(_("%s; see \"%s --help\""), message, usage->command);
    return PST_EXIT_USAGE;
}

gboolean pst_parse_real(const char *text, double *value)
{
    char *end;
    double number;

    if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
        return FALSE;
    errno = 0;
    number = g_ascii_strtod(text, &end);
    if (*end || !isfinite(number))
        return FALSE;
    *value = number;
    return TRUE;
}

gboolean pst_option_real(const char *option, const char *text, double low, double high, double *value, GError **error)
{
    double number;

    if (!text)
        return TRUE;
    if (pst_parse_real(text, &number) && number >= low && number <= high) {
        *value = number;
        return TRUE;
    }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s %s: has to be a number from %g to %g"), option,
                text, low, high);
    return FALSE;
}

gboolean pst_option_whole(const char *option, const char *text, gint64 low, gint64 high, gint64 *value, GError **error)
{
    if (!text)
        return TRUE;
    if (g_ascii_string_to_signed(text, 10, low, high, value, NULL))
        return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s %s: has to be a whole number from %lld to %lld"),
                option, text, (long long)low, (long long)high);
    return FALSE;
}

gboolean pst_option_choice(const char *option, const char *text, const char *const *choices, int *value, GError **error)
{
    g_autofree char *list = NULL;

    if (!text)
        return TRUE;
    for (int i = 0; choices[i]; i++) {
        if (strcmp(choices[i], text) == 0) {
            *value = i;
            return TRUE;
        }
    }
    list = g_strjoinv(", ", (char **)choices);
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s %s: has to be one of %s"), option, text, list);
    return FALSE;
}

gboolean pst_option_conflict(const char *text, PstConflict *conflict, GError **error)
{
    int choice = (int)*conflict;

    if (!pst_option_choice("--on-conflict", text, conflict_names, &choice, error))
        return FALSE;
    *conflict = (PstConflict)choice;
    return TRUE;
}
