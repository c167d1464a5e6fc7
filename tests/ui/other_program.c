/* Another program, to copy and to drag from: a small window that offers what its arguments say, in the clipboard and to
 * be dragged.   other_program OFFER...     An OFFER is files=URI[,URI...] (as a file manager or a browser names them)
 * or picture=PATH (the pixels). It prints "ready" and goes on until it is killed.
 */
#include <gtk/gtk.h>
#include <string.h>

static GdkContentProvider *offer_files(const char *uris)
{
    g_auto(GStrv) list = g_strsplit(uris, ",", -1);
    g_autofree char *lines = g_strjoinv("\r\n", list);
    g_autofree char *text = g_strconcat(lines, "\r\n", NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return gdk_content_provider_new_for_bytes("text/uri-list", bytes);
}

static GdkContentProvider *offer_picture(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GdkTexture) texture = gdk_texture_new_from_filename(path, &error);

    g_assert_no_error(error);
    return gdk_content_provider_new_typed(GDK_TYPE_TEXTURE, texture);
}

static GdkContentProvider *offer(int argc, char **argv)
{
    g_autoptr(GPtrArray) providers = g_ptr_array_new();

    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');

        g_assert_nonnull(value);
        g_ptr_array_add(providers,
                        g_str_has_prefix(argv[i], "files=") ? offer_files(value + 1) : offer_picture(value + 1));
    }
    return gdk_content_provider_new_union((GdkContentProvider **)providers->pdata, providers->len);
}

static void on_map(GtkWidget *window, gpointer data)
{
    g_print("ready\n");
}

int main(int argc, char **argv)
{
    g_autoptr(GdkContentProvider) content = NULL;
    GtkDragSource *source;
    GtkWidget *window;

    gtk_init();
    content = offer(argc, argv);
    gdk_clipboard_set_content(gdk_display_get_clipboard(gdk_display_get_default()), content);
    window = gtk_window_new();
    gtk_window_set_title(GTK_WINDOW(window), "other program");
    gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
    gtk_window_set_default_size(GTK_WINDOW(window), 200, 200);
    source = gtk_drag_source_new();
    gtk_drag_source_set_content(source, content);
    gtk_widget_add_controller(window, GTK_EVENT_CONTROLLER(source));
    g_signal_connect_after(window, "map", G_CALLBACK(on_map), NULL);
    gtk_window_present(GTK_WINDOW(window));
    while (TRUE) {
        g_main_context_iteration(NULL, TRUE);
    }
}
