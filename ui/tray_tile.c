#include "tray_tile.h"

#include "accessible.h"

struct _PstTrayTile {
    GtkWidget parent_instance;
    GtkWidget *overlay, *picture, *remove;
    PstTrayItem *item;
};

G_DEFINE_FINAL_TYPE(PstTrayTile, pst_tray_tile, GTK_TYPE_WIDGET)

static guint remove_signal;

static void show_item(PstTrayTile *tile)
{
    gboolean open = pst_tray_item_open(tile->item);
    GtkWidget *row = gtk_widget_get_parent(GTK_WIDGET(tile));

    gtk_picture_set_paintable(GTK_PICTURE(tile->picture), GDK_PAINTABLE(pst_tray_item_texture(tile->item)));
    if (open) {
        gtk_widget_add_css_class(GTK_WIDGET(tile), "open");
    } else {
        gtk_widget_remove_css_class(GTK_WIDGET(tile), "open");
    }
    if (row) {
        gtk_accessible_update_state(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_STATE_SELECTED, open, -1);
    }
}

void pst_tray_tile_set_item(PstTrayTile *tile, PstTrayItem *item)
{
    if (tile->item) {
        g_signal_handlers_disconnect_by_data(tile->item, tile);
    }
    g_set_object(&tile->item, item);
    if (item) {
        const char *name = pst_tray_item_name(item);

        gtk_picture_set_alternative_text(GTK_PICTURE(tile->picture), name);
        gtk_widget_set_tooltip_text(tile->picture, name);
        pst_accessible_name_row(GTK_WIDGET(tile), name, NULL);
        g_signal_connect_swapped(item, "notify", G_CALLBACK(show_item), tile);
        show_item(tile);
    }
}

PstTrayItem *pst_tray_tile_item(PstTrayTile *tile)
{
    return tile->item;
}

static void on_remove(PstTrayTile *tile)
{
    g_signal_emit(tile, remove_signal, 0);
}

static void pst_tray_tile_dispose(GObject *object)
{
    pst_tray_tile_set_item(PST_TRAY_TILE(object), NULL);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_TRAY_TILE);
    G_OBJECT_CLASS(pst_tray_tile_parent_class)->dispose(object);
}

static void pst_tray_tile_class_init(PstTrayTileClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_tray_tile_dispose;
    gtk_widget_class_set_css_name(widget_class, "trayphoto");
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/tray_tile.ui");
    gtk_widget_class_bind_template_child(widget_class, PstTrayTile, overlay);
    gtk_widget_class_bind_template_child(widget_class, PstTrayTile, picture);
    gtk_widget_class_bind_template_child(widget_class, PstTrayTile, remove);
    remove_signal = g_signal_new("remove", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void pst_tray_tile_init(PstTrayTile *tile)
{
    gtk_widget_init_template(GTK_WIDGET(tile));
    pst_accessible_name_buttons(GTK_WIDGET(tile));
    g_signal_connect_swapped(tile->remove, "clicked", G_CALLBACK(on_remove), tile);
}

GtkWidget *pst_tray_tile_new(void)
{
    return g_object_new(PST_TYPE_TRAY_TILE, NULL);
}
