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

void pst_picture_set_read_error(GError **error, const char *name, GError *cause)
{
    if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, cause);
        return;
    }
    PstPictureError code = PST_PICTURE_ERROR_IO;
    const char *text = NULL;
    if (cause->domain == G_IO_ERROR) {
        switch (cause->code) {
        case G_IO_ERROR_NOT_FOUND:
        case G_IO_ERROR_NOT_DIRECTORY:
            code = PST_PICTURE_ERROR_MISSING;
            text = N_("no such file; check the name");
            break;
        case G_IO_ERROR_IS_DIRECTORY:
            code = PST_PICTURE_ERROR_NOT_A_FILE;
            text = N_("is a folder; name a picture inside it");
            break;
        case G_IO_ERROR_PERMISSION_DENIED:
            code = PST_PICTURE_ERROR_PERMISSION;
            text = N_("may not be read; change its permissions");
            break;
        case G_IO_ERROR_FILENAME_TOO_LONG:
            code = PST_PICTURE_ERROR_MISSING;
            text = N_("the name is too long; check it");
            break;
        default:
            break;
        }
    }
    if (text)
        set_line(error, code, name, _(text));
    else
        pst_picture_set_error(error, code, name, "can't be read (%s); check the disk or connection", cause->message);
    g_error_free(cause);
}

void pst_picture_set_write_error(GError **error, const char *name, int error_number)
{
    PstPictureError code = PST_PICTURE_ERROR_IO;
    const char *text = NULL;
    switch (error_number) {
    case ENOENT:
    case ENOTDIR:
        code = PST_PICTURE_ERROR_MISSING;
        text = N_("there is no such folder; make it first or choose another");
        break;
    case EACCES:
    case EPERM:
        code = PST_PICTURE_ERROR_PERMISSION;
        text = N_("may not be written; change the permissions or choose another folder");
        break;
    case EROFS:
        code = PST_PICTURE_ERROR_PERMISSION;
        text = N_("can't be written, the disk is read-only; choose another folder");
        break;
    case ENOSPC:
        code = PST_PICTURE_ERROR_NO_SPACE;
        text = N_("can't be written, the disk is full; free some space and try again");
        break;
    case EDQUOT:
        code = PST_PICTURE_ERROR_NO_SPACE;
        text = N_("can't be written, your disk quota is used up; free some space and try again");
        break;
    case EFBIG:
        code = PST_PICTURE_ERROR_NO_SPACE;
        text = N_("can't be written, files this large aren't allowed here; choose another folder");
        break;
    case ENAMETOOLONG:
        text = N_("can't be written, the name is too long; choose a shorter one");
        break;
    default:
        break;
    }
    if (text)
        set_line(error, code, name, _(text));
    else
        pst_picture_set_error(error, code, name, "can't be written (%s); choose another folder",
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
