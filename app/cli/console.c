#include "console.h"

#include "app/common/advice.h"
#include "command.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int write_error; /* errno of the first failure */

static void note_failure(gboolean failed)
{
    if (failed && !write_error)
        write_error = errno ? errno : EIO;
}

char *pst_console_clean(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);

    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        g_string_append_unichar(clean, g_unichar_iscntrl(c) ? '?' : c);
    }
    return g_string_free(clean, FALSE);
}

void pst_console_print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    note_failure(vfprintf(stdout, format, arguments) < 0);
    va_end(arguments);
}

void pst_console_path(const char *path)
{
    note_failure(fprintf(stdout, "%s\n", path) < 0 || fflush(stdout) != 0);
}

void pst_console_json(json_t *object)
{
    char *line = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(6));

    json_decref(object);
    if (!line)
        return;
    note_failure(fprintf(stdout, "%s\n", line) < 0 || fflush(stdout) != 0);
    free(line);
}

json_t *pst_json_text(const char *text)
{
    g_autofree char *valid = text ? g_utf8_make_valid(text, -1) : NULL;

    return valid ? json_string(valid) : json_null();
}

void pst_console_error(const char *format, ...)
{
    g_autofree char *text = NULL, *clean = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    clean = pst_console_clean(text);
    fprintf(stderr, "pastiche: %s\n", clean);
}

void pst_console_failure(const GError *error)
{
    g_autofree char *text = pst_error_text(error);

    pst_console_error("%s", text);
}

void pst_console_warn(const GError *error, gpointer data)
{
    pst_console_failure(error);
}

gboolean pst_console_writable(void)
{
    return write_error == 0;
}

int pst_console_finish(void)
{
    note_failure(fflush(stdout) != 0);
    if (!write_error)
        return PST_EXIT_DONE;
    pst_console_error(_("standard output: %s; see where it goes"), g_strerror(write_error));
    return PST_EXIT_FAILED;
}
