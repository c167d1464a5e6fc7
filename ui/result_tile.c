#include "result_tile.h"

#include "accessible.h"
#include "app/desktop/style_group.h"

struct _PstResultTile {
    GtkWidget parent_instance;
    GtkWidget *overlay, *picture, *star;
    PstResult *result;
    gulong current_handler, starred_handler;
};

G_DEFINE_FINAL_TYPE(PstResultTile, pst_result_tile, GTK_TYPE_WIDGET)

static guint star_signal;

static void set_css_class(GtkWidget *widget, const char *name, gboolean set)
{
    if (set) {
        gtk_widget_add_css_class(widget, name);
    } else {
        gtk_widget_remove_css_class(widget, name);
    }
}

static void show_state(PstResultTile *tile)
{
    gboolean current = pst_result_current(tile->result), starred = pst_result_starred(tile->result);

    set_css_class(GTK_WIDGET(tile), "current", current);
    set_css_class(tile->star, "set", starred);
    gtk_button_set_icon_name(GTK_BUTTON(tile->star), starred ? "starred-symbolic" : "non-starred-symbolic");
    gtk_accessible_update_state(GTK_ACCESSIBLE(gtk_widget_get_parent(GTK_WIDGET(tile))), GTK_ACCESSIBLE_STATE_SELECTED,
                                current, -1);
}

void pst_result_tile_set_result(PstResultTile *tile, PstResult *result)
{
    if (tile->result) {
        g_clear_signal_handler(&tile->current_handler, tile->result);
        g_clear_signal_handler(&tile->starred_handler, tile->result);
    }
    g_set_object(&tile->result, result);
    if (result) {
        g_autofree char *title = pst_look_title(pst_result_look(result));

        gtk_picture_set_paintable(GTK_PICTURE(tile->picture), GDK_PAINTABLE(pst_result_texture(result)));
        gtk_picture_set_alternative_text(GTK_PICTURE(tile->picture), pst_style_text(title));
        gtk_widget_set_tooltip_text(tile->picture, pst_style_text(title));
        pst_accessible_name_row(GTK_WIDGET(tile), pst_style_text(title), NULL);
        show_state(tile);
        tile->current_handler = g_signal_connect_swapped(result, "notify::current", G_CALLBACK(show_state), tile);
        tile->starred_handler = g_signal_connect_swapped(result, "notify::starred", G_CALLBACK(show_state), tile);
    }
}

PstResult *pst_result_tile_result(PstResultTile *tile)
{
    return tile->result;
}

static void on_star(PstResultTile *tile)
{
    g_signal_emit(tile, star_signal, 0);
}

static void pst_result_tile_dispose(GObject *object)
{
    pst_result_tile_set_result(PST_RESULT_TILE(object), NULL);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_RESULT_TILE);
    G_OBJECT_CLASS(pst_result_tile_parent_class)->dispose(object);
}

static void pst_result_tile_class_init(PstResultTileClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_result_tile_dispose;
    gtk_widget_class_set_css_name(widget_class, "result");
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/result_tile.ui");
    gtk_widget_class_bind_template_child(widget_class, PstResultTile, overlay);
    gtk_widget_class_bind_template_child(widget_class, PstResultTile, picture);
    gtk_widget_class_bind_template_child(widget_class, PstResultTile, star);
    star_signal = g_signal_new("star", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               0);
}

static void pst_result_tile_init(PstResultTile *tile)
{
    gtk_widget_init_template(GTK_WIDGET(tile));
    pst_accessible_name_buttons(GTK_WIDGET(tile));
    g_signal_connect_swapped(tile->star, "clicked", G_CALLBACK(on_star), tile);
}

GtkWidget *pst_result_tile_new(void)
{
    return g_object_new(PST_TYPE_RESULT_TILE, NULL);
}
