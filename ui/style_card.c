#include "style_card.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/desktop/style_group.h"

struct _PstStyleCard {
    GtkWidget parent_instance;
    GtkWidget *box, *picture, *check, *add, *star, *more, *name, *credit, *menu;
    PstStyleThumbnail *thumbnail;
    gulong texture_handler, picked_handler, favourite_handler;
};

G_DEFINE_FINAL_TYPE(PstStyleCard, pst_style_card, GTK_TYPE_WIDGET)

enum { TOGGLE, FAVOURITE, SIGNALS };
static guint signals[SIGNALS];

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

static void show_favourite(PstStyleCard *card)
{
    gboolean favourite = pst_style_thumbnail_favourite(card->thumbnail);

    gtk_button_set_icon_name(GTK_BUTTON(card->star), favourite ? "starred-symbolic" : "non-starred-symbolic");
    if (favourite) {
        gtk_widget_add_css_class(card->star, "set");
    } else {
        gtk_widget_remove_css_class(card->star, "set");
    }
}

/* Who made it, or what it is. */
static const char *credit_of(PstStyleItem *item)
{
    const char *artist = pst_style_item_style(item)->artist;

    return artist ? artist : pst_style_item_origin(item) == PST_STYLE_DROPPED ? _("Not kept yet") : _("Your own style");
}

static void show_text(PstStyleCard *card)
{
    PstStyleItem *item = pst_style_thumbnail_item(card->thumbnail);

    gtk_label_set_text(GTK_LABEL(card->name), pst_style_item_name(item));
    gtk_label_set_text(GTK_LABEL(card->credit), credit_of(item));
    pst_accessible_name_row(GTK_WIDGET(card), pst_style_item_name(item), pst_style_item_credit(item));
}

static GtkWidget *new_line(const char *text, const char *css_class)
{
    GtkWidget *label = gtk_label_new(text);

    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 30);
    gtk_widget_add_css_class(label, css_class);
    return label;
}

/* The style's own picture, and what it does. */
static gboolean on_tooltip(GtkWidget *picture, int x, int y, gboolean keyboard, GtkTooltip *tooltip, PstStyleCard *card)
{
    PstStyleItem *item = pst_style_thumbnail_item(card->thumbnail);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    const char *credit = pst_style_item_credit(item), *sentence = pst_style_sentence(pst_style_item_id(item));
    const char *movement = pst_style_text(pst_style_item_style(item)->movement);

    if (pst_style_item_texture(item)) {
        GtkWidget *own = gtk_picture_new_for_paintable(GDK_PAINTABLE(pst_style_item_texture(item)));

        gtk_widget_set_size_request(own, 200, 150);
        gtk_box_append(GTK_BOX(box), own);
    }
    gtk_box_append(GTK_BOX(box), new_line(pst_style_item_name(item), "heading"));
    gtk_box_append(GTK_BOX(box), new_line(credit ? credit : credit_of(item), "caption"));
    if (movement) {
        gtk_box_append(GTK_BOX(box), new_line(movement, "caption"));
    }
    if (sentence) {
        gtk_box_append(GTK_BOX(box), new_line(sentence, "caption"));
    }
    gtk_tooltip_set_custom(tooltip, box);
    return TRUE;
}

void pst_style_card_set_thumbnail(PstStyleCard *card, PstStyleThumbnail *thumbnail)
{
    if (card->thumbnail) {
        g_clear_signal_handler(&card->texture_handler, card->thumbnail);
        g_clear_signal_handler(&card->picked_handler, card->thumbnail);
        g_clear_signal_handler(&card->favourite_handler, card->thumbnail);
    }
    if (g_set_object(&card->thumbnail, thumbnail) && thumbnail) {
        show_text(card);
    }
    if (thumbnail) {
        show_texture(card);
        show_picked(card);
        show_favourite(card);
        card->texture_handler = g_signal_connect_swapped(thumbnail, "notify::texture", G_CALLBACK(show_texture), card);
        card->picked_handler = g_signal_connect_swapped(thumbnail, "notify::picked", G_CALLBACK(show_picked), card);
        card->favourite_handler = g_signal_connect_swapped(thumbnail, "notify::favourite", G_CALLBACK(show_favourite),
                                                           card);
    }
}

static void on_add(PstStyleCard *card)
{
    g_signal_emit(card, signals[TOGGLE], 0, pst_style_thumbnail_item(card->thumbnail));
}

static void on_star(PstStyleCard *card)
{
    g_signal_emit(card, signals[FAVOURITE], 0, pst_style_thumbnail_item(card->thumbnail));
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
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, star);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, more);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, name);
    gtk_widget_class_bind_template_child(widget_class, PstStyleCard, credit);
    signals[TOGGLE] = g_signal_new("toggle", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, PST_TYPE_STYLE_ITEM);
    signals[FAVOURITE] = g_signal_new("favourite", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, PST_TYPE_STYLE_ITEM);
}

static void pst_style_card_init(PstStyleCard *card)
{
    GtkGesture *click = gtk_gesture_click_new();

    gtk_widget_init_template(GTK_WIDGET(card));
    pst_accessible_name_buttons(GTK_WIDGET(card));
    g_signal_connect_swapped(card->add, "clicked", G_CALLBACK(on_add), card);
    g_signal_connect_swapped(card->star, "clicked", G_CALLBACK(on_star), card);
    g_signal_connect(card->picture, "query-tooltip", G_CALLBACK(on_tooltip), card);
    g_signal_connect_swapped(card->more, "clicked", G_CALLBACK(open_menu), card);
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
    g_signal_connect(click, "pressed", G_CALLBACK(on_right_click), card);
    gtk_widget_add_controller(GTK_WIDGET(card), GTK_EVENT_CONTROLLER(click));
}

GtkWidget *pst_style_card_new(void)
{
    return g_object_new(PST_TYPE_STYLE_CARD, NULL);
}
