#include "help_dialog.h"

struct _PstHelpDialog {
    GtkWindow parent_instance;
};

G_DEFINE_FINAL_TYPE(PstHelpDialog, pst_help_dialog, GTK_TYPE_WINDOW)

static void pst_help_dialog_class_init(PstHelpDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/help_dialog.ui");
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void pst_help_dialog_init(PstHelpDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
}

GtkWidget *pst_help_dialog_new(GtkWindow *parent)
{
    return g_object_new(PST_TYPE_HELP_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE, NULL);
}
