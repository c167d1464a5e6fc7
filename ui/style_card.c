#include "style_card.h"

#include <glib/gi18n.h>

#include "accessible.h"

struct _PstStyleCard {
    GtkWidget parent_instance;
    GtkWidget *box, *picture, *check, *add, *more, *name, *credit, *menu;
    PstStyleThumbnail *thumbnail;
    gulong texture_handler, picked_handler;
};

G_DEFINE_FINAL_TYPE(PstStyleCard, pst_style_card, GTK_TYPE_WIDGET)

static guint toggle_signal;

static void show_texture(PstStyleCard *card)
{
    gtk_picture_set_paintable(GTK_PICTURE(card->picture), GDK_PAINTABLE(pst_style_thumbnail_texture(card->thumbnail)));
}

static void show_picked(PstStyleCard *card)
{
    gboolean picked = pst_style_thumbnail_picked(card->thumbnail);

    gtk_widget_set_visible(card->check, picked);
    gtk_button_set_icon_name(GTK_BUTTON(card->add), picked ? "list-remove-symbolic" : "list-add-symbolic");
    if (picked) {
        gtk_widget_add_css_class(GTK_WIDGET(card), "picked");
    } else {
        gtk_widget_remove_css_class(GTK_WIDGET(card), "picked");
    }
    gtk_accessible_update_state(GTK_ACCESSIBLE(gtk_widget_get_parent(GTK_WIDGET(card))), GTK_ACCESSIBLE_STATE_SELECTED,
                                picked, -1);
}

static void show_text(PstStyleCard *card)
{
    PstStyleItem *item = pst_style_thumbnail_item(card->thumbnail);
    const PstStyle *style = pst_style_item_style(item);
    const char *credit = pst_style_item_credit(item);
    const char *nobody = pst_style_item_origin(item) == PST_STYLE_OF_USER ? _("Your own style") : _("Your own picture");
    g_autofree char *tip = g_strjoin("\n", style->name, credit ? credit : nobody, style->movement, NULL);

    gtk_label_set_text(GTK_LABEL(card->name), style->name);
    gtk_label_set_text(GTK_LABEL(card->credit), style->artist ? style->artist : nobody);
    gtk_widget_set_tooltip_text(card->picture, tip);
    pst_accessible_name_row(GTK_WIDGET(card), style->name, credit);
}

void pst_style_card_set_thumbnail(PstStyleCard *card, PstStyleThumbnail *thumbnail)
{
    if (card->thumbnail) {
        g_clear_signal_handler(&card->texture_handler, card->thumbnail);
        g_clear_signal_handler(&card->picked_handler, card->thumbnail);
    }
    if (g_set_object(&card->thumbnail, thumbnail) && thumbnail) {
        show_text(card);
    }
    if (thumbnail) {
        show_texture(card);
        show_picked(card);
        card->texture_handler = g_signal_connect_swapped(thumbnail, "notify::texture", G_CALLBACK(show_texture), card);
        card->picked_handler = g_signal_connect_swapped(thumbnail, "notify::picked", G_CALLBACK(show_picked), card);
    }
}

static void on_add(PstStyleCard *card)
{
    g_signal_emit(card, toggle_signal, 0, pst_style_thumbnail_item(card->thumbnail));
}

static void append(GMenu *menu, const char *label, const char *action, PstStyleItem *item)
{
    g_autoptr(GMenuItem) entry = g_menu_item_new(label, NULL);

    g_menu_item_set_action_and_target(entry, action, "s", pst_style_item_id(item));
    g_menu_append_item(menu, entry);
}

static GMenuModel *new_menu(PstStyleItem *item)
{
    GMenu *menu = g_menu_new();
    PstStyleOrigin origin = pst_style_item_origin(item);

    append(menu, origin == PST_STYLE_OF_USER ? _("_Rename, Details…") : _("_Details…"), "win.style-details", item);
    if (origin == PST_STYLE_DROPPED) {
        append(menu, _("_Keep Among Mine"), "win.keep-style", item);
    } else {
        append(menu, _("D_uplicate"), "win.duplicate-style", item);
    }
    append(menu, _("_Export…"), "win.export-style", item);
    if (origin == PST_STYLE_OF_USER) {
        append(menu, _("De_lete"), "win.delete-style", item);
    }
    return G_MENU_MODEL(menu);
}

static void open_menu(PstStyleCard *card)
{
    g_autoptr(GMenuModel) model = new_menu(pst_style_thumbnail_item(card->thumbnail));

    if (card->menu) {
        gtk_popover_menu_set_menu_model(GTK_POPOVER_MENU(card->menu), model);
    } else {
        card->menu = gtk_popover_menu_new_from_model(model);
        gtk_widget_set_parent(card->menu, card->more);
    }
    gtk_popover_popup(GTK_POPOVER(card->menu));
}

static void on_right_click(GtkGestureClick *gesture, int presses, double x, double y, PstStyleCard *card)
{
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    open_menu(card);
}

static void pst_style_card_dispose(GObject *object)
{
    PstStyleCard *card = PST_STYLE_CARD(object);

    pst_style_card_set_thumbnail(card, NULL);
    g_clear_pointer(&card->menu, gtk_widget_unparent);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_STYLE_CARD);
    G_OBJECT_CLASS(pst_style_card_parent_class)->dispose(object);
}

static void pst_style_card_class_init(PstStyleCardClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_style_card_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/style_card.ui");
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, box);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, picture);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, check);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, add);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, more);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, name);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, credit);
    toggle_signal = g_signal_new("toggle", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, PST_TYPE_STYLE_ITEM);
}

static void pst_style_card_init(PstStyleCard *card)
{
    GtkGesture *click = gtk_gesture_click_new();

    gtk_widget_init_template(GTK_WIDGET(card));
    pst_accessible_name_buttons(GTK_WIDGET(card));
    g_signal_connect_swapped(card->add, "clicked", G_CALLBACK(on_add), card);
    g_signal_connect_swapped(card->more, "clicked", G_CALLBACK(open_menu), card);
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
    g_signal_connect(click, "pressed", G_CALLBACK(on_right_click), card);
    gtk_widget_add_controller(GTK_WIDGET(card), GTK_EVENT_CONTROLLER(click));
}

GtkWidget *pst_style_card_new(void)
{
    return g_object_new(PST_TYPE_STYLE_CARD, NULL);
}
