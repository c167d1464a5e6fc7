#include "error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

G_DEFINE_QUARK(pst-picture-error-quark, pst_picture_error);

static char *printable(const char *name)
{
    g_autofree char *utf8 = g_filename_display_name(name);
    GString *line = g_string_new(NULL);
    for (const char *p = utf8; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        /* Line and paragraph separators break lines too, and format characters (bidirectional
         * overrides) can make a message read as something else. */
        GUnicodeType type = g_unichar_type(c);
        if (g_unichar_iscntrl(c) || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
            type == G_UNICODE_FORMAT)
            g_string_append_printf(line, "\\x{%x}", c);
        else
            g_string_append_unichar(line, c);
    }
    return g_string_free(line, FALSE);
}

static void set_line(GError **error, PstPictureError code, const char *name, const char *message)
{
    g_autofree char *display = printable(name);
    g_set_error(error, PST_PICTURE_ERROR, code, "%s: %s", display, message);
}

void pst_picture_set_error(GError **error, PstPictureError code, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(_(format), arguments);
    va_end(arguments);
    set_line(error, code, name, message);
}

/* Failures that have words of their own. */
typedef struct {
    int number;
    PstPictureError code;
    const char *text;
} Failure;

static void set_failure(GError **error, const char *name, const Failure *known, gsize count, int number,
                        const char *format, const char *reason)
{
    g_autofree char *other = NULL;

    for (gsize i = 0; i < count; i++)
        if (known[i].number == number) {
            set_line(error, known[i].code, name, _(known[i].text));
            return;
        }
    other = g_strdup_printf(format, reason);
    set_line(error, PST_PICTURE_ERROR_IO, name, other);
}

void pst_picture_set_read_error(GError **error, const char *name, GError *cause)
{
    static const Failure known[] = {
        { G_IO_ERROR_NOT_FOUND, PST_PICTURE_ERROR_MISSING, N_("no such file") },
        { G_IO_ERROR_NOT_DIRECTORY, PST_PICTURE_ERROR_MISSING, N_("no such file") },
        { G_IO_ERROR_IS_DIRECTORY, PST_PICTURE_ERROR_NOT_A_FILE, N_("is a folder") },
        { G_IO_ERROR_PERMISSION_DENIED, PST_PICTURE_ERROR_PERMISSION, N_("may not be read") },
        { G_IO_ERROR_FILENAME_TOO_LONG, PST_PICTURE_ERROR_MISSING, N_("the name is too long") },
    };

    if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, cause);
        return;
    }
    set_failure(error, name, known, cause->domain == G_IO_ERROR ? G_N_ELEMENTS(known) : 0, cause->code,
                _("can't be read (%s)"), cause->message);
    g_error_free(cause);
}

void pst_picture_set_write_error(GError **error, const char *name, int error_number)
{
    static const Failure known[] = {
        { ENOENT, PST_PICTURE_ERROR_MISSING, N_("there is no such folder") },
        { ENOTDIR, PST_PICTURE_ERROR_MISSING, N_("there is no such folder") },
        { EACCES, PST_PICTURE_ERROR_PERMISSION, N_("may not be written") },
        { EPERM, PST_PICTURE_ERROR_PERMISSION, N_("may not be written") },
        { EROFS, PST_PICTURE_ERROR_PERMISSION, N_("can't be written, the disk is read-only") },
        { ENOSPC, PST_PICTURE_ERROR_NO_SPACE, N_("can't be written, the disk is full") },
        { EDQUOT, PST_PICTURE_ERROR_NO_SPACE, N_("can't be written, your disk quota is used up") },
        { EFBIG, PST_PICTURE_ERROR_NO_SPACE, N_("can't be written, files this large aren't allowed here") },
        { ENAMETOOLONG, PST_PICTURE_ERROR_IO, N_("can't be written, the name is too long") },
    };

    set_failure(error, name, known, G_N_ELEMENTS(known), error_number, _("can't be written (%s)"),
                g_strerror(error_number));
}

void pst_picture_info_warn(PstPictureInfo *info, const char *format, ...)
{
    if (info->warning)
        return;
    va_list arguments;
    va_start(arguments, format);
    info->warning = g_strdup_vprintf(_(format), arguments);
    va_end(arguments);
}
