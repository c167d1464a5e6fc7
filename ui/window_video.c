/* A video's frame is the photograph; the whole video is painted by the command line. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/desktop/video_command.h"

void pst_window_copy_video_command(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    g_autoptr(GError) error = NULL;
    g_autofree char *command = pst_video_command(pst_document_path(window->document),
                                                 pst_document_look(window->document), &error);

    if (!command) {
        pst_window_tell_error(window, error);
        return;
    }
    gdk_clipboard_set_text(gtk_widget_get_clipboard(widget), command);
    pst_window_tell(window, _("The command is in the clipboard: paste it into a terminal."), NULL, NULL);
}
