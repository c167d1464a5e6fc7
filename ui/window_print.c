/* The painting on paper. */
#include "window_private.h"

static void draw_page(GtkPrintOperation *operation, GtkPrintContext *context, int page, GdkTexture *texture)
{
    cairo_t *cr = gtk_print_context_get_cairo_context(context);
    int width = gdk_texture_get_width(texture), height = gdk_texture_get_height(texture);
    double across = gtk_print_context_get_width(context), down = gtk_print_context_get_height(context);
    double scale = MIN(across / width, down / height);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);

    gdk_texture_download(texture, cairo_image_surface_get_data(surface),
                         (gsize)cairo_image_surface_get_stride(surface));
    cairo_surface_mark_dirty(surface);
    cairo_translate(cr, (across - width * scale) / 2, (down - height * scale) / 2);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_paint(cr);
    cairo_surface_destroy(surface);
}

/* As large as the sheet lets it be, the long side of both the same way. */
static void print(PstWindow *window, GdkTexture *texture)
{
    g_autoptr(GtkPrintOperation) operation = gtk_print_operation_new();
    g_autoptr(GtkPageSetup) setup = gtk_page_setup_new();
    g_autoptr(GError) error = NULL;

    gtk_page_setup_set_orientation(setup, gdk_texture_get_width(texture) > gdk_texture_get_height(texture)
                                              ? GTK_PAGE_ORIENTATION_LANDSCAPE
                                              : GTK_PAGE_ORIENTATION_PORTRAIT);
    gtk_print_operation_set_default_page_setup(operation, setup);
    gtk_print_operation_set_n_pages(operation, 1);
    gtk_print_operation_set_job_name(operation, pst_document_photo(window->document)->name);
    g_signal_connect_object(operation, "draw-page", G_CALLBACK(draw_page), texture, 0);
    if (gtk_print_operation_run(operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW(window), &error) ==
        GTK_PRINT_OPERATION_RESULT_ERROR) {
        pst_window_tell(window, error->message, NULL, NULL);
    }
}

void pst_window_print(GtkWidget *widget, const char *action, GVariant *parameter)
{
    pst_window_use_painting(PST_WINDOW(widget), print);
}
