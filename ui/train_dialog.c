#include "train_dialog.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "training_view.h"

struct _PstTrainDialog {
    GtkWindow parent_instance;
    GtkWidget *stack, *start;
    PstTrainingSetup *setup;
    PstTrainingView *view;
    PstDocument *document;
    PstTrainingRun *run; /* or NULL: one is being set up */
    GStrv settings;
};

G_DEFINE_FINAL_TYPE(PstTrainDialog, pst_train_dialog, GTK_TYPE_WINDOW)

enum { SETTINGS = 1 };
static guint started_signal;

static void show_setup(PstTrainDialog *dialog)
{
    g_clear_object(&dialog->run);
    pst_training_view_set_run(dialog->view, NULL);
    pst_training_setup_list_unfinished(dialog->setup);
    gtk_stack_set_visible_child_name(GTK_STACK(dialog->stack), "setup");
    gtk_window_set_title(GTK_WINDOW(dialog), _("Train a Style"));
    gtk_widget_show(dialog->start);
}

void pst_train_dialog_show_run(PstTrainDialog *dialog, PstTrainingRun *run)
{
    g_set_object(&dialog->run, run);
    g_signal_emit(dialog, started_signal, 0, run);
    if (pst_training_run_state(run) == PST_TRAINING_RUN_STOPPED) {
        pst_training_run_set_photo(run, pst_document_photo(dialog->document));
        pst_training_run_go(run);
    }
    pst_training_view_set_run(dialog->view, run);
    gtk_stack_set_visible_child_name(GTK_STACK(dialog->stack), "view");
    gtk_window_set_title(GTK_WINDOW(dialog), pst_training_run_request(run)->name);
    gtk_widget_hide(dialog->start);
}

PstTrainingRun *pst_train_dialog_run(PstTrainDialog *dialog)
{
    return dialog->run;
}

static void on_ready(PstTrainDialog *dialog)
{
    const char *lack = pst_training_setup_lack(dialog->setup);

    gtk_widget_set_sensitive(dialog->start, !lack);
    gtk_widget_set_tooltip_text(dialog->start, lack);
}

static void on_start(PstTrainDialog *dialog)
{
    PstTrainingRequest *request = pst_training_setup_request(dialog->setup);
    g_autoptr(PstTrainingRun) run = NULL;

    request->settings = g_strdupv(dialog->settings);
    run = pst_training_run_new(request, pst_document_photo(dialog->document));
    pst_train_dialog_show_run(dialog, run);
}

static void on_unfinished(PstTrainingSetup *setup, PstTrainingRun *run, PstTrainDialog *dialog)
{
    pst_train_dialog_show_run(dialog, run);
}

static void pst_train_dialog_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    PstTrainDialog *dialog = PST_TRAIN_DIALOG(object);

    g_strfreev(dialog->settings);
    dialog->settings = g_value_dup_boxed(value);
}

static void pst_train_dialog_dispose(GObject *object)
{
    PstTrainDialog *dialog = PST_TRAIN_DIALOG(object);

    g_clear_object(&dialog->run);
    g_clear_object(&dialog->document);
    g_clear_pointer(&dialog->settings, g_strfreev);
    G_OBJECT_CLASS(pst_train_dialog_parent_class)->dispose(object);
}

static void pst_train_dialog_class_init(PstTrainDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_TRAINING_SETUP);
    g_type_ensure(PST_TYPE_TRAINING_VIEW);
    G_OBJECT_CLASS(klass)->set_property = pst_train_dialog_set_property;
    G_OBJECT_CLASS(klass)->dispose = pst_train_dialog_dispose;
    g_object_class_install_property(
        G_OBJECT_CLASS(klass), SETTINGS,
        g_param_spec_boxed("settings", NULL, NULL, G_TYPE_STRV, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/train_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstTrainDialog, stack);
    gtk_widget_class_bind_template_child(widget_class, PstTrainDialog, start);
    gtk_widget_class_bind_template_child(widget_class, PstTrainDialog, setup);
    gtk_widget_class_bind_template_child(widget_class, PstTrainDialog, view);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    started_signal = g_signal_new("started", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, PST_TYPE_TRAINING_RUN);
}

static void pst_train_dialog_init(PstTrainDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    pst_accessible_name_buttons(GTK_WIDGET(dialog));
    g_signal_connect_swapped(dialog->setup, "notify::ready", G_CALLBACK(on_ready), dialog);
    g_signal_connect(dialog->setup, "unfinished", G_CALLBACK(on_unfinished), dialog);
    g_signal_connect_swapped(dialog->start, "clicked", G_CALLBACK(on_start), dialog);
    g_signal_connect_swapped(dialog->view, "again", G_CALLBACK(show_setup), dialog);
    g_signal_connect_swapped(dialog->view, "discarded", G_CALLBACK(show_setup), dialog);
    on_ready(dialog);
}

GtkWidget *pst_train_dialog_new(GtkWindow *parent, PstDocument *document)
{
    PstTrainDialog *dialog = g_object_new(PST_TYPE_TRAIN_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE,
                                          NULL);

    dialog->document = g_object_ref(document);
    if (pst_training_run_current()) {
        pst_train_dialog_show_run(dialog, pst_training_run_current());
    }
    return GTK_WIDGET(dialog);
}
