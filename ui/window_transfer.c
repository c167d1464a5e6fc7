/* What other programs hand over, by the clipboard or dropped on the window: files, or a picture itself. */
#include "window_private.h"

#include <glib/gi18n.h>

/* On its way from another program. */
typedef struct {
    PstWindow *window;
    GdkClipboard *clipboard; /* or */
    GdkDrop *drop;
    GSList *files; /* that have no path here */
} Transfer;

static void transfer_end(Transfer *transfer, gboolean taken)
{
    if (transfer->drop) {
        gdk_drop_finish(transfer->drop, taken ? GDK_ACTION_COPY : 0);
        g_object_unref(transfer->drop);
    }
    g_clear_object(&transfer->clipboard);
    g_slist_free_full(transfer->files, g_object_unref);
    g_object_unref(transfer->window);
    g_free(transfer);
}

static void open_list(PstWindow *window, GSList *list)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new();

    for (; list; list = list->next) {
        g_ptr_array_add(files, list->data);
    }
    g_ptr_array_add(files, NULL);
    pst_window_open_files(window, (GFile *const *)files->pdata);
}

static void open_texture(PstWindow *window, GdkTexture *texture, const char *name)
{
    int width = gdk_texture_get_width(texture), height = gdk_texture_get_height(texture);
    gsize stride = 4 * (gsize)width;
    guchar *pixels = g_try_malloc_n((gsize)height, stride);
    g_autoptr(GBytes) bytes = NULL;

    if (!pixels) {
        pst_window_tell(window, _("There is not enough memory for that picture."), NULL, NULL);
        return;
    }
    gdk_texture_download(texture, pixels, stride);
    bytes = g_bytes_new_take(pixels, (gsize)height * stride);
    pst_document_open_pixels(window->document, bytes, width, height, stride, name);
}

static GdkContentFormats *formats(const Transfer *transfer)
{
    GdkContentFormats *offered = transfer->drop ? gdk_drop_get_formats(transfer->drop)
                                                : gdk_clipboard_get_formats(transfer->clipboard);

    return gdk_content_formats_union_deserialize_gtypes(gdk_content_formats_ref(offered));
}

static gboolean offers(const Transfer *transfer, GType type)
{
    g_autoptr(GdkContentFormats) all = formats(transfer);

    return gdk_content_formats_contain_gtype(all, type);
}

static void read_value(Transfer *transfer, GType type, GAsyncReadyCallback ready)
{
    if (transfer->drop) {
        gdk_drop_read_value_async(transfer->drop, type, G_PRIORITY_DEFAULT, NULL, ready, transfer);
    } else {
        gdk_clipboard_read_value_async(transfer->clipboard, type, G_PRIORITY_DEFAULT, NULL, ready, transfer);
    }
}

static const GValue *take_value(Transfer *transfer, GAsyncResult *result)
{
    return transfer->drop ? gdk_drop_read_value_finish(transfer->drop, result, NULL)
                          : gdk_clipboard_read_value_finish(transfer->clipboard, result, NULL);
}

static void on_texture(GObject *source, GAsyncResult *result, gpointer data)
{
    Transfer *transfer = data;
    const GValue *value = take_value(transfer, result);
    GdkTexture *texture = value ? g_value_get_object(value) : NULL;

    if (texture) {
        open_texture(transfer->window, texture, transfer->drop ? _("Dropped picture") : _("Pasted picture"));
    } else if (transfer->files) {
        open_list(transfer->window, transfer->files); /* which says what is the matter with them */
    } else {
        const char *text = transfer->drop
                               ? _("What was dropped holds no picture that can be read; save it as a file first.")
                               : _("The clipboard holds no picture; copy one first.");

        pst_window_tell(transfer->window, text, NULL, NULL);
    }
    transfer_end(transfer, texture != NULL);
}

static gboolean any_is_here(GSList *files)
{
    for (; files; files = files->next) {
        if (g_file_peek_path(files->data)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A browser names the picture's address, where there is no path to it, and often brings its pixels along. */
static void on_files(GObject *source, GAsyncResult *result, gpointer data)
{
    Transfer *transfer = data;
    const GValue *value = take_value(transfer, result);
    GSList *files = value ? g_value_get_boxed(value) : NULL;

    if (any_is_here(files)) {
        open_list(transfer->window, files);
        transfer_end(transfer, TRUE);
        return;
    }
    for (; files; files = files->next) {
        transfer->files = g_slist_append(transfer->files, g_object_ref(files->data));
    }
    read_value(transfer, GDK_TYPE_TEXTURE, on_texture);
}

static void transfer_start(Transfer *transfer)
{
    if (offers(transfer, GDK_TYPE_FILE_LIST)) {
        read_value(transfer, GDK_TYPE_FILE_LIST, on_files);
    } else {
        read_value(transfer, GDK_TYPE_TEXTURE, on_texture);
    }
}

void pst_window_paste(GtkWidget *widget, const char *action, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    Transfer *transfer = g_new0(Transfer, 1);

    transfer->window = g_object_ref(window);
    transfer->clipboard = g_object_ref(gtk_widget_get_clipboard(GTK_WIDGET(window)));
    transfer_start(transfer);
}

static gboolean on_drop(GtkDropTargetAsync *target, GdkDrop *drop, double x, double y, PstWindow *window)
{
    Transfer *transfer = g_new0(Transfer, 1);

    transfer->window = g_object_ref(window);
    transfer->drop = g_object_ref(drop);
    transfer_start(transfer);
    return TRUE;
}

void pst_window_accept_drops(PstWindow *window, GtkWidget *widget)
{
    GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new();
    GdkContentFormats *accepted;
    GtkDropTargetAsync *target;

    gdk_content_formats_builder_add_gtype(builder, GDK_TYPE_FILE_LIST);
    gdk_content_formats_builder_add_gtype(builder, GDK_TYPE_TEXTURE);
    accepted = gdk_content_formats_union_deserialize_mime_types(gdk_content_formats_builder_free_to_formats(builder));
    target = gtk_drop_target_async_new(accepted, GDK_ACTION_COPY);
    g_signal_connect(target, "drop", G_CALLBACK(on_drop), window);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(target));
    gtk_widget_add_css_class(widget, "drop-area");
}
