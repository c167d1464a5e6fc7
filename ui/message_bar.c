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
};

G_DEFINE_FINAL_TYPE(PstMessageBar, pst_message_bar, GTK_TYPE_WIDGET)

void pst_message_bar_hide(PstMessageBar *bar)
{
    g_clear_handle_id(&bar->timer, g_source_remove);
    gtk_revealer_set_reveal_child(GTK_REVEALER(bar->revealer), FALSE);
    gtk_widget_set_can_target(GTK_WIDGET(bar), FALSE);
}

static gboolean on_timer(gpointer data)
{
    PstMessageBar *bar = data;

    bar->timer = 0;
    pst_message_bar_hide(bar);
    return G_SOURCE_REMOVE;
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

void pst_message_bar_show(PstMessageBar *bar, const char *text, const char *button, const char *detailed_action)
{
    guint seconds = LEAST_SECONDS + (guint)g_utf8_strlen(text, -1) / LETTERS_PER_SECOND + (button ? BUTTON_SECONDS : 0);

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
    bar->timer = g_timeout_add_seconds(seconds, on_timer, bar);
}

static void pst_message_bar_dispose(GObject *object)
{
    PstMessageBar *bar = PST_MESSAGE_BAR(object);

    g_clear_handle_id(&bar->timer, g_source_remove);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_MESSAGE_BAR);
    G_OBJECT_CLASS(pst_message_bar_parent_class)->dispose(object);
}

static void pst_message_bar_class_init(PstMessageBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_message_bar_dispose;
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
    gtk_widget_init_template(GTK_WIDGET(bar));
    gtk_widget_set_can_target(GTK_WIDGET(bar), FALSE);
    g_signal_connect_swapped(bar->close, "clicked", G_CALLBACK(pst_message_bar_hide), bar);
    g_signal_connect_data(bar->action, "clicked", G_CALLBACK(pst_message_bar_hide), bar, NULL,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
