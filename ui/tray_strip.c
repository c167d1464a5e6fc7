#include "tray_strip.h"

#include "accessible.h"
#include "tray_tile.h"
#include "wheel.h"

struct _PstTrayStrip {
    GtkWidget parent_instance;
    GtkWidget *box, *scroller, *list;
    PstTray *tray;
    PstEngineService *service;
};

G_DEFINE_FINAL_TYPE(PstTrayStrip, pst_tray_strip, GTK_TYPE_WIDGET)

static void on_remove(PstTrayTile *tile, PstTrayStrip *strip)
{
    pst_tray_remove(strip->tray, pst_tray_tile_item(tile));
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstTrayStrip *strip)
{
    GtkWidget *tile = pst_tray_tile_new();

    g_signal_connect_object(tile, "remove", G_CALLBACK(on_remove), strip, 0);
    gtk_list_item_set_child(list_item, tile);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstTrayStrip *strip)
{
    PstTrayItem *item = gtk_list_item_get_item(list_item);

    pst_tray_tile_set_item(PST_TRAY_TILE(gtk_list_item_get_child(list_item)), item);
    pst_tray_item_read_texture(item, strip->service);
}

static void on_unbind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PstTrayStrip *strip)
{
    pst_tray_tile_set_item(PST_TRAY_TILE(gtk_list_item_get_child(list_item)), NULL);
}

static void on_activate(GtkListView *list, guint position, PstTrayStrip *strip)
{
    g_autoptr(PstTrayItem) item = g_list_model_get_item(pst_tray_items(strip->tray), position);

    pst_tray_open(strip->tray, item);
}

void pst_tray_strip_set_tray(PstTrayStrip *strip, PstTray *tray, PstEngineService *service)
{
    g_autoptr(GtkNoSelection) selection = gtk_no_selection_new(g_object_ref(pst_tray_items(tray)));

    strip->tray = tray;
    strip->service = service;
    gtk_list_view_set_model(GTK_LIST_VIEW(strip->list), GTK_SELECTION_MODEL(selection));
}

static void pst_tray_strip_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_TRAY_STRIP);
    G_OBJECT_CLASS(pst_tray_strip_parent_class)->dispose(object);
}

static void pst_tray_strip_class_init(PstTrayStripClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_tray_strip_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/tray_strip.ui");
    gtk_widget_class_bind_template_child(widget_class, PstTrayStrip, box);
    gtk_widget_class_bind_template_child(widget_class, PstTrayStrip, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstTrayStrip, list);
    gtk_widget_class_bind_template_callback(widget_class, on_setup);
    gtk_widget_class_bind_template_callback(widget_class, on_bind);
    gtk_widget_class_bind_template_callback(widget_class, on_unbind);
    gtk_widget_class_bind_template_callback(widget_class, on_activate);
}

static void pst_tray_strip_init(PstTrayStrip *strip)
{
    gtk_widget_init_template(GTK_WIDGET(strip));
    pst_accessible_name_buttons(GTK_WIDGET(strip));
    pst_wheel_sideways(strip->scroller);
}
