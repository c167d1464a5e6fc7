#include "light_dialog.h"

#include <glib/gi18n.h>

#include "app/desktop/light_match.h"
#include "file_chooser.h"
#include "file_drop.h"

struct _PstLightDialog {
    GtkWindow parent_instance;
    GtkWidget *picture, *hint, *settings, *strength, *save, *message;
    PstLightMatch *match;
};

G_DEFINE_FINAL_TYPE(PstLightDialog, pst_light_dialog, GTK_TYPE_WINDOW)

static guint saved_signal;

void pst_light_dialog_take(PstLightDialog *dialog, GFile *file)
{
    g_autofree char *path = g_file_get_path(file);

    if (path) {
        gtk_widget_set_visible(dialog->message, FALSE);
        pst_light_match_set_like(dialog->match, path);
    }
}

static void on_choose(PstLightDialog *dialog)
{
    static const char *const types[] = { "image/jpeg", "image/png", NULL };
    GtkFileChooser *chooser = pst_file_chooser_new(dialog, GTK_FILE_CHOOSER_ACTION_OPEN, _("A Photo with the Light"),
                                                   "open-folder", (PstFileChosen)pst_light_dialog_take);

    pst_file_chooser_filter(chooser, _("Pictures"), types);
    pst_file_chooser_show(chooser);
}

static void on_strength(PstLightDialog *dialog)
{
    pst_light_match_set_strength(dialog->match, gtk_range_get_value(GTK_RANGE(dialog->strength)) / 100);
}

/* ---- saving --------------------------------------------------------------------------------- */

static void on_target(gpointer widget, GFile *file)
{
    PstLightDialog *dialog = widget;
    g_autoptr(PstInputs) inputs = pst_inputs_new();

    pst_document_add_inputs(inputs);
    gtk_widget_set_sensitive(dialog->save, FALSE);
    gtk_widget_set_visible(dialog->message, FALSE);
    pst_light_match_save(dialog->match, g_file_peek_path(file), inputs);
}

static void on_save(PstLightDialog *dialog)
{
    GtkFileChooser *chooser = pst_file_chooser_new(dialog, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save the Photo"), NULL,
                                                   on_target);
    g_autofree char *name = pst_light_match_name(dialog->match);

    gtk_file_chooser_set_current_name(chooser, name ? name : "");
    pst_file_chooser_show(chooser);
}

static void on_saved(PstLightDialog *dialog, const char *path)
{
    g_signal_emit(dialog, saved_signal, 0, path);
    gtk_window_close(GTK_WINDOW(dialog));
}

static void on_message(PstLightDialog *dialog, const char *text)
{
    gtk_label_set_text(GTK_LABEL(dialog->message), text);
    gtk_widget_set_visible(dialog->message, TRUE);
    gtk_widget_set_sensitive(dialog->save, gtk_widget_get_visible(dialog->settings));
}

static void on_ready(PstLightDialog *dialog)
{
    gtk_widget_set_visible(dialog->hint, FALSE);
    gtk_widget_set_visible(dialog->settings, TRUE);
    gtk_widget_set_sensitive(dialog->save, TRUE);
}

/* ---- the window ----------------------------------------------------------------------------- */

/* When it is closed, nothing of it is wanted any more. */
static void pst_light_dialog_unrealize(GtkWidget *widget)
{
    pst_light_match_cancel(PST_LIGHT_DIALOG(widget)->match);
    GTK_WIDGET_CLASS(pst_light_dialog_parent_class)->unrealize(widget);
}

static void pst_light_dialog_finalize(GObject *object)
{
    g_clear_object(&PST_LIGHT_DIALOG(object)->match);
    G_OBJECT_CLASS(pst_light_dialog_parent_class)->finalize(object);
}

static void pst_light_dialog_class_init(PstLightDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = pst_light_dialog_finalize;
    widget_class->unrealize = pst_light_dialog_unrealize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/light_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, picture);
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, hint);
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, settings);
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, strength);
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, save);
    gtk_widget_class_bind_template_child(widget_class, PstLightDialog, message);
    gtk_widget_class_bind_template_callback(widget_class, on_choose);
    gtk_widget_class_bind_template_callback(widget_class, on_save);
    gtk_widget_class_bind_template_callback(widget_class, on_strength);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    saved_signal = g_signal_new("saved", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
}

static void pst_light_dialog_init(PstLightDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    pst_file_drop_accept(GTK_WIDGET(dialog), (PstFileDrop)pst_light_dialog_take, dialog);
}

GtkWidget *pst_light_dialog_new(GtkWindow *parent, PstDocument *document)
{
    PstLightDialog *dialog = g_object_new(PST_TYPE_LIGHT_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE,
                                          NULL);

    dialog->match = pst_light_match_new(pst_document_photo(document));
    g_object_bind_property(dialog->match, "texture", dialog->picture, "paintable", G_BINDING_SYNC_CREATE);
    g_signal_connect_object(dialog->match, "notify::ready", G_CALLBACK(on_ready), dialog, G_CONNECT_SWAPPED);
    g_signal_connect_object(dialog->match, "message", G_CALLBACK(on_message), dialog, G_CONNECT_SWAPPED);
    g_signal_connect_object(dialog->match, "saved", G_CALLBACK(on_saved), dialog, G_CONNECT_SWAPPED);
    return GTK_WIDGET(dialog);
}
