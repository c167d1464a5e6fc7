#include "empty_page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "demo.h"

#define SAMPLE_WIDTH  108 /* logical pixels */
#define SAMPLE_HEIGHT 72
#define REST          306 /* logical pixels of all that is below the picture */
#define DEMO_LEAST    270 /* its width */
#define DEMO_MOST     510

struct _PstEmptyPage {
    GtkWidget parent_instance;
    GtkWidget *scroller, *demo_clamp, *caption, *samples_box, *samples;
    PstDemo *demo;
    guint fit; /* of the idle loop */
};

G_DEFINE_FINAL_TYPE(PstEmptyPage, pst_empty_page, GTK_TYPE_WIDGET)

static guint sample_signal;

static void on_sample(GtkButton *button, PstEmptyPage *page)
{
    g_signal_emit(page, sample_signal, 0, GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "number")));
}

/* A picture would be as large as it comes. */
static GtkWidget *clamp(GtkWidget *child, GtkOrientation orientation, int size)
{
    GtkWidget *widget = adw_clamp_new();

    adw_clamp_set_child(ADW_CLAMP(widget), child);
    adw_clamp_set_maximum_size(ADW_CLAMP(widget), size);
    adw_clamp_set_tightening_threshold(ADW_CLAMP(widget), size);
    gtk_orientable_set_orientation(GTK_ORIENTABLE(widget), orientation);
    gtk_widget_set_size_request(widget, SAMPLE_WIDTH, SAMPLE_HEIGHT);
    return widget;
}

void pst_empty_page_add_sample(PstEmptyPage *page, int number, GdkPaintable *paintable, const char *title)
{
    GtkWidget *picture = gtk_picture_new_for_paintable(paintable), *button = gtk_button_new();
    g_autofree char *name = g_strdup_printf("sample_%d", number);

    gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
    gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
    gtk_button_set_child(GTK_BUTTON(button), clamp(clamp(picture, GTK_ORIENTATION_HORIZONTAL, SAMPLE_WIDTH),
                                                   GTK_ORIENTATION_VERTICAL, SAMPLE_HEIGHT));
    gtk_widget_set_name(button, name);
    gtk_widget_set_tooltip_text(button, title);
    gtk_widget_add_css_class(button, "sample");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    g_object_set_data(G_OBJECT(button), "number", GINT_TO_POINTER(number));
    g_signal_connect(button, "clicked", G_CALLBACK(on_sample), page);
    gtk_box_append(GTK_BOX(page->samples), button);
    gtk_widget_show(page->samples_box);
}

void pst_empty_page_set_demo(PstEmptyPage *page, GdkTexture *photo, GdkTexture *painting, const char *style)
{
    g_autofree char *text = g_strdup_printf(_("A sample photo, painted in “%s”"), style);

    pst_demo_set(page->demo, photo, painting);
    gtk_label_set_text(GTK_LABEL(page->caption), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->demo), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static gboolean fit_demo(gpointer data)
{
    PstEmptyPage *page = data;
    GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(page->scroller));
    int width = (int)((gtk_adjustment_get_page_size(adjustment) - REST) * PST_DEMO_ASPECT);

    page->fit = 0;
    width = CLAMP(width, DEMO_LEAST, DEMO_MOST);
    adw_clamp_set_maximum_size(ADW_CLAMP(page->demo_clamp), width);
    adw_clamp_set_tightening_threshold(ADW_CLAMP(page->demo_clamp), width);
    return G_SOURCE_REMOVE;
}

/* In a low window the picture is smaller, so that the samples are seen. Sizes are not changed while they are given. */
static void on_height(PstEmptyPage *page)
{
    if (page->fit == 0) {
        page->fit = g_idle_add_full(G_PRIORITY_HIGH_IDLE, fit_demo, page, NULL);
    }
}

static void pst_empty_page_dispose(GObject *object)
{
    g_clear_handle_id(&PST_EMPTY_PAGE(object)->fit, g_source_remove);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_EMPTY_PAGE);
    G_OBJECT_CLASS(pst_empty_page_parent_class)->dispose(object);
}

static void pst_empty_page_class_init(PstEmptyPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_DEMO);
    G_OBJECT_CLASS(klass)->dispose = pst_empty_page_dispose;
    gtk_widget_class_set_css_name(widget_class, "emptypage");
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/empty_page.ui");
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, demo_clamp);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, demo);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, caption);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, samples_box);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, samples);
    sample_signal = g_signal_new("sample", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT);
}

static void pst_empty_page_init(PstEmptyPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect_object(gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(page->scroller)),
                            "notify::page-size", G_CALLBACK(on_height), page, G_CONNECT_SWAPPED);
}
