#include "message_bar.h"

#include <string.h>

#include "accessible.h"

#define LEAST_SECONDS      4
#define LETTERS_PER_SECOND 14
#define BUTTON_SECONDS     12 /* more, where there is a button */

struct _PstMessageBar {
    GtkWidget parent_instance;
    GtkWidget *revealer, *label, *action, *close;
    guint timer;
    GQueue *offers;        /* of Offer */
    gboolean offers_first; /* the first of them is shown */
};

typedef struct {
    char *text, *button, *action;
} Offer;

G_DEFINE_FINAL_TYPE(PstMessageBar, pst_message_bar, GTK_TYPE_WIDGET)

static void offer_free(gpointer data)
{
    Offer *offer = data;

    g_free(offer->text);
    g_free(offer->button);
    g_free(offer->action);
    g_free(offer);
}

static void conceal(PstMessageBar *bar)
{
    g_clear_handle_id(&bar->timer, g_source_remove);
    gtk_revealer_set_reveal_child(GTK_REVEALER(bar->revealer), FALSE);
    gtk_widget_set_can_target(GTK_WIDGET(bar), FALSE);
}

/* The target first: an action without the one it needs would be warned of. */
static void set_action(GtkActionable *actionable, const char *detailed_action)
{
    g_autofree char *name = NULL;
    g_autoptr(GVariant) target = NULL;

    gtk_actionable_set_action_name(actionable, NULL);
    if (g_action_parse_detailed_name(detailed_action, &name, &target, NULL)) {
        gtk_actionable_set_action_target_value(actionable, target);
        gtk_actionable_set_action_name(actionable, name);
    }
}

static void reveal(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action)
{
    gtk_label_set_text(GTK_LABEL(bar->label), text);
    gtk_widget_set_visible(bar->action, button != NULL);
    if (button) {
        gtk_button_set_label(GTK_BUTTON(bar->action), button);
        pst_accessible_name_buttons(bar->action);
        set_action(GTK_ACTIONABLE(bar->action), detailed_action);
    }
    gtk_revealer_set_reveal_child(GTK_REVEALER(bar->revealer), TRUE);
    gtk_widget_set_can_target(GTK_WIDGET(bar), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    g_clear_handle_id(&bar->timer, g_source_remove);
}

/* The next offer, or nothing. */
static void show_waiting(PstMessageBar *bar)
{
    const Offer *offer = g_queue_peek_head(bar->offers);

    bar->offers_first = offer != NULL;
    if (offer) {
        reveal(bar, offer->text, offer->button, offer->action);
    } else {
        conceal(bar);
    }
}

static void hide(PstMessageBar *bar)
{
    if (bar->offers_first) {
        offer_free(g_queue_pop_head(bar->offers));
    }
    show_waiting(bar);
}

static gboolean on_timer(gpointer data)
{
    PstMessageBar *bar = data;

    bar->timer = 0;
    hide(bar);
    return G_SOURCE_REMOVE;
}

void pst_message_bar_show(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action)
{
    guint seconds = LEAST_SECONDS + (guint)g_utf8_strlen(text, -1) / LETTERS_PER_SECOND + (button ? BUTTON_SECONDS : 0);

    bar->offers_first = FALSE;
    reveal(bar, text, button, detailed_action);
    bar->timer = g_timeout_add_seconds(seconds, on_timer, bar);
}

void pst_message_bar_offer(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action)
{
    Offer *offer = g_new(Offer, 1);

    *offer = (Offer){ g_strdup(text), g_strdup(button), g_strdup(detailed_action) };
    g_queue_push_tail(bar->offers, offer);
    if (!gtk_revealer_get_reveal_child(GTK_REVEALER(bar->revealer))) {
        show_waiting(bar);
    }
}

void pst_message_bar_withdraw(PstMessageBar *bar, const char *detailed_action)
{
    gboolean shown = FALSE;

    for (GList *link = bar->offers->head, *next; link; link = next) {
        next = link->next;
        if (g_str_equal(((Offer *)link->data)->action, detailed_action)) {
            shown |= bar->offers_first && link == bar->offers->head;
            offer_free(link->data);
            g_queue_delete_link(bar->offers, link);
        }
    }
    if (shown) {
        show_waiting(bar);
    }
}

static void pst_message_bar_dispose(GObject *object)
{
    PstMessageBar *bar = PST_MESSAGE_BAR(object);

    g_clear_handle_id(&bar->timer, g_source_remove);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_MESSAGE_BAR);
    G_OBJECT_CLASS(pst_message_bar_parent_class)->dispose(object);
}

static void pst_message_bar_finalize(GObject *object)
{
    g_queue_free_full(PST_MESSAGE_BAR(object)->offers, offer_free);
    G_OBJECT_CLASS(pst_message_bar_parent_class)->finalize(object);
}

static void pst_message_bar_class_init(PstMessageBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_message_bar_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_message_bar_finalize;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/message_bar.ui");
    gtk_widget_class_bind_template_child(widget_class, PstMessageBar, revealer);
    gtk_widget_class_bind_template_child(widget_class, PstMessageBar, label);
    gtk_widget_class_bind_template_child(widget_class, PstMessageBar, action);
    gtk_widget_class_bind_template_child(widget_class, PstMessageBar, close);
}

static void pst_message_bar_init(PstMessageBar *bar)
{
    bar->offers = g_queue_new();
    gtk_widget_init_template(GTK_WIDGET(bar));
    gtk_widget_set_can_target(GTK_WIDGET(bar), FALSE);
    g_signal_connect_swapped(bar->close, "clicked", G_CALLBACK(hide), bar);
    g_signal_connect_data(bar->action, "clicked", G_CALLBACK(hide), bar, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
