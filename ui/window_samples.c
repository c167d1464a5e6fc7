/* Before there is a photo: samples, and one of them painted. */
#include "window_private.h"

#include <glib/gi18n.h>

#include "app/desktop/sample.h"

static void on_texture(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, NULL);
    int number = window->samples++; /* they are answered in order */
    const PstSamplePhoto *sample = pst_sample(number);

    /* Without it there is no sample to try; that is not reported. */
    if (pst_window_is_open(window) && texture) {
        pst_empty_page_add_sample(window->empty_page, number, GDK_PAINTABLE(texture), _(sample->title));
    }
}

static char *slot_of(PstWindow *window)
{
    return g_strdup_printf("sample/%p", (void *)window);
}

static void on_painted(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(GdkTexture) photo = NULL, painting = NULL;

    if (pst_sample_finish(result, &photo, &painting, NULL) && pst_window_is_open(window)) {
        pst_empty_page_set_demo(window->empty_page, photo, painting, window->sample_style);
    }
}

/* The style of a sample, or NULL while styles are not read. */
static PstStyleItem *style_of(PstWindow *window, const PstSamplePhoto *sample)
{
    return pst_style_list_find(window->style_list, sample->style);
}

/* In the style that was picked, or else in the one that suits it. */
static PstLook *choose_look(PstWindow *window, const PstSamplePhoto *sample)
{
    PstLook *look = pst_look_copy(pst_document_look(window->document));
    PstStyleItem *item = style_of(window, sample);

    if (pst_look_is_plain(look) && item) {
        pst_look_add_style(look, 0, pst_style_item_id(item), pst_style_item_style(item), 1);
    }
    return look;
}

void pst_window_show_demo(PstWindow *window)
{
    g_autoptr(PstLook) look = choose_look(window, pst_sample(0));
    g_autofree char *slot = slot_of(window), *style = NULL;

    if (pst_document_photo(window->document) || pst_look_is_plain(look)) {
        return;
    }
    style = pst_style_list_title(window->style_list, look);
    if (g_strcmp0(style, window->sample_style) != 0) {
        g_free(window->sample_style);
        window->sample_style = g_steal_pointer(&style);
        pst_sample_paint(window->service, pst_sample(0), look, slot, on_painted, g_object_ref(window));
    }
}

void pst_window_end_demo(PstWindow *window)
{
    g_autofree char *slot = slot_of(window);

    pst_sample_cancel(window->service, slot);
}

static void on_sample(PstEmptyPage *page, int number, PstWindow *window)
{
    pst_window_try_sample(window, number);
}

void pst_window_show_samples(PstWindow *window)
{
    g_signal_connect_object(window->empty_page, "sample", G_CALLBACK(on_sample), window, 0);
    g_signal_connect_object(window->style_list, "items-changed", G_CALLBACK(pst_window_show_demo), window,
                            G_CONNECT_SWAPPED);
    for (int i = 0; pst_sample(i); i++) {
        pst_sample_texture(window->service, pst_sample(i), on_texture, g_object_ref(window));
    }
    pst_window_show_demo(window);
}

void pst_window_try_sample(PstWindow *window, int number)
{
    const PstSamplePhoto *sample = pst_sample(number);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = pst_sample_path(sample, &error);
    g_autoptr(PstLook) look = choose_look(window, sample);

    if (!path) {
        pst_window_tell_error(window, error);
        return;
    }
    pst_document_set_look(window->document, look, NULL);
    pst_document_open(window->document, path);
}

void pst_window_open_sample(GtkWidget *widget, const char *action, GVariant *parameter)
{
    pst_window_try_sample(PST_WINDOW(widget), 0);
}
