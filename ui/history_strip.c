#include "history_strip.h"

#include "result_tile.h"
#include "wheel.h"

struct _PstHistoryStrip {
    GtkWidget parent_instance;
    GtkWidget *stack, *scroller, *list;
    PstDocument *document;
};

G_DEFINE_FINAL_TYPE(PstHistoryStrip, pst_history_strip, GTK_TYPE_WIDGET)

static void on_star(PstResultTile *tile, PstHistoryStrip *strip)
{
    PstResult *result = pst_result_tile_result(tile);

    pst_document_star(strip->document, result, !pst_result_starred(result));
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstHistoryStrip *strip)
{
    GtkWidget *tile = pst_result_tile_new();

    g_signal_connect_object(tile, "star", G_CALLBACK(on_star), strip, 0);
    gtk_list_item_set_child(list_item, tile);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstHistoryStrip *strip)
{
    pst_result_tile_set_result(PST_RESULT_TILE(gtk_list_item_get_child(list_item)), gtk_list_item_get_item(list_item));
}

static void on_unbind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstHistoryStrip *strip)
{
    pst_result_tile_set_result(PST_RESULT_TILE(gtk_list_item_get_child(list_item)), NULL);
}

/* Marks the result that is seen, and brings it on the screen. */
static void show_current(PstHistoryStrip *strip)
{
    GListModel *results = pst_document_results(strip->document);
    guint count = g_list_model_get_n_items(results);

    for (guint i = 0; i < count; i++) {
        g_autoptr(PstResult) result = g_list_model_get_item(results, i);
        gboolean current = pst_look_equal(pst_result_look(result), pst_document_look(strip->document));

        pst_result_set_current(result, current);
        if (current) {
            gtk_widget_activate_action(strip->list, "list.scroll-to-item", "u", i);
        }
    }
    gtk_stack_set_visible_child_name(GTK_STACK(strip->stack), count > 0 ? "results" : "nothing");
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
    g_signal_connect_object(document, "look-changed", G_CALLBACK(show_current), strip, G_CONNECT_SWAPPED);
    g_signal_connect_object(results, "items-changed", G_CALLBACK(show_current), strip, G_CONNECT_SWAPPED);
    show_current(strip);
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
    gtk_widget_class_bind_template_child(widget_class, PstHistoryStrip, stack);
    gtk_widget_class_bind_template_child(widget_class, PstHistoryStrip, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstHistoryStrip, list);
    gtk_widget_class_bind_template_callback(widget_class, on_setup);
    gtk_widget_class_bind_template_callback(widget_class, on_bind);
    gtk_widget_class_bind_template_callback(widget_class, on_unbind);
    gtk_widget_class_bind_template_callback(widget_class, on_activate);
}

static void pst_history_strip_init(PstHistoryStrip *strip)
{
    gtk_widget_init_template(GTK_WIDGET(strip));
    pst_wheel_sideways(strip->scroller);
}
