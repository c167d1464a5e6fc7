#include "history_strip.h"

#include <glib/gi18n.h>

#include "accessible.h"

#define HEIGHT 60

struct _PstHistoryStrip {
    GtkWidget parent_instance;
    GtkWidget *scroller, *list;
    PstDocument *document;
};

G_DEFINE_FINAL_TYPE(PstHistoryStrip, pst_history_strip, GTK_TYPE_WIDGET)

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstHistoryStrip *strip)
{
    GtkWidget *picture = gtk_picture_new();

    gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
    gtk_widget_set_size_request(picture, HEIGHT * 4 / 3, HEIGHT);
    gtk_widget_set_valign(picture, GTK_ALIGN_CENTER);
    gtk_widget_set_halign(picture, GTK_ALIGN_CENTER);
    gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
    gtk_widget_add_css_class(picture, "result");
    gtk_list_item_set_child(list_item, picture);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstHistoryStrip *strip)
{
    PstResult *result = gtk_list_item_get_item(list_item);
    GtkWidget *picture = gtk_list_item_get_child(list_item);
    g_autofree char *title = pst_look_title(pst_result_look(result));

    gtk_picture_set_paintable(GTK_PICTURE(picture), GDK_PAINTABLE(pst_result_texture(result)));
    gtk_picture_set_alternative_text(GTK_PICTURE(picture), title);
    gtk_widget_set_tooltip_text(picture, title);
    pst_accessible_name_row(picture, title, NULL);
}

static void on_activate(GtkListView *list, guint position, PstHistoryStrip *strip)
{
    g_autoptr(PstResult) result = g_list_model_get_item(pst_document_results(strip->document), position);

    pst_document_set_look(strip->document, pst_result_look(result), NULL);
}

void pst_history_strip_set_document(PstHistoryStrip *strip, PstDocument *document)
{
    GListModel *results = pst_document_results(document);
    g_autoptr(GtkNoSelection) selection = gtk_no_selection_new(g_object_ref(results));

    strip->document = document;
    gtk_list_view_set_model(GTK_LIST_VIEW(strip->list), GTK_SELECTION_MODEL(selection));
}

static void pst_history_strip_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_HISTORY_STRIP);
    G_OBJECT_CLASS(pst_history_strip_parent_class)->dispose(object);
}

static void pst_history_strip_class_init(PstHistoryStripClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_history_strip_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/history_strip.ui");
    gtk_widget_class_bind_template_child(widget_class, PstHistoryStrip, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstHistoryStrip, list);
}

static void pst_history_strip_init(PstHistoryStrip *strip)
{
    g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();

    gtk_widget_init_template(GTK_WIDGET(strip));
    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), strip);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), strip);
    gtk_list_view_set_factory(GTK_LIST_VIEW(strip->list), factory);
    g_signal_connect(strip->list, "activate", G_CALLBACK(on_activate), strip);
}
