#include "accessible.h"

/* Whether the label within has a marked key: it is then the button's name, and what GTK 4.8 says besides is the same
 * text once more, with the mark. */
static gboolean is_marked(GtkWidget *button)
{
    return GTK_IS_BUTTON(button) ? gtk_button_get_use_underline(GTK_BUTTON(button))
                                 : gtk_menu_button_get_use_underline(GTK_MENU_BUTTON(button));
}

static void name_button(GtkWidget *button)
{
    const char *text = GTK_IS_BUTTON(button) ? gtk_button_get_label(GTK_BUTTON(button))
                                             : gtk_menu_button_get_label(GTK_MENU_BUTTON(button));
    const char *tooltip = gtk_widget_get_tooltip_text(button);

    if (text && is_marked(button)) {
        gtk_accessible_reset_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL);
    } else if (!text && tooltip) {
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
    }
}

void pst_accessible_name_buttons(GtkWidget *root)
{
    if (GTK_IS_BUTTON(root) || GTK_IS_MENU_BUTTON(root)) {
        name_button(root);
        return;
    }
    for (GtkWidget *child = gtk_widget_get_first_child(root); child; child = gtk_widget_get_next_sibling(child)) {
        pst_accessible_name_buttons(child);
    }
}

void pst_accessible_name_row(GtkWidget *child, const char *name, const char *description)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(child)), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description ? description : "", -1);
}
