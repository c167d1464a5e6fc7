#include "empty_page.h"

struct _PstEmptyPage {
    GtkWidget parent_instance;
    GtkWidget *box, *sample_picture, *sample_button, *open_button;
};

G_DEFINE_FINAL_TYPE(PstEmptyPage, pst_empty_page, GTK_TYPE_WIDGET)

void pst_empty_page_set_sample(PstEmptyPage *page, GdkPaintable *sample)
{
    gtk_picture_set_paintable(GTK_PICTURE(page->sample_picture), sample);
    gtk_widget_set_visible(page->sample_picture, sample != NULL);
    gtk_widget_set_visible(page->sample_button, sample != NULL);
}

static void pst_empty_page_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_EMPTY_PAGE);
    G_OBJECT_CLASS(pst_empty_page_parent_class)->dispose(object);
}

static void pst_empty_page_class_init(PstEmptyPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_empty_page_dispose;
    gtk_widget_class_set_css_name(widget_class, "emptypage");
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/empty_page.ui");
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, box);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, sample_picture);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, sample_button);
    gtk_widget_class_bind_template_child(widget_class, PstEmptyPage, open_button);
}

static void pst_empty_page_init(PstEmptyPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
}
