/* Styles of the user's own: trained, taken in, renamed, doubled, given away, removed. */
#include "window_private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/desktop/preferences.h"
#include "app/desktop/training_run.h"
#include "app/common/style_library.h"
#include "style_dialog.h"
#include "train_dialog.h"
#include "time_left.h"

/* ---- files, away from the main thread ------------------------------------------------------- */

typedef enum { ADD, REPLACE, REMOVE, EXPORT } Deed;

typedef struct {
    Deed deed;
    char *id;   /* of the style; that of an added one in the end */
    char *path; /* to export to */
    PstStyle *style;
} Errand;

static void errand_free(gpointer data)
{
    Errand *errand = data;

    g_free(errand->id);
    g_free(errand->path);
    pst_style_free(errand->style);
    g_free(errand);
}

static void run_errand(GTask *task, gpointer window, gpointer data, GCancellable *cancellable)
{
    Errand *errand = data;
    GError *error = NULL;
    gboolean done = FALSE;

    switch (errand->deed) {
    case ADD:
        g_free(errand->id);
        errand->id = pst_library_add(errand->style, &error);
        done = errand->id != NULL;
        break;
    case REPLACE:
        done = pst_library_replace(errand->id, errand->style, &error);
        break;
    case REMOVE:
        done = pst_library_remove(errand->id, &error);
        break;
    default:
        done = pst_style_write(errand->style, errand->path, &error);
    }
    if (done) {
        g_task_return_boolean(task, TRUE);
    } else {
        g_task_return_error(task, error);
    }
}

static void tell_of(PstWindow *window, const char *format, const char *name, const char *button, const char *action)
{
    g_autofree char *text = g_strdup_printf(format, name);

    pst_window_tell(window, text, button, action);
}

/* Other windows show the same styles. */
static void reload_others(PstWindow *window)
{
    g_autoptr(GList) windows = gtk_window_list_toplevels();

    for (GList *link = windows; link; link = link->next) {
        if (PST_IS_WINDOW(link->data) && link->data != (gpointer)window && PST_WINDOW(link->data)->style_list) {
            pst_style_list_reload(PST_WINDOW(link->data)->style_list);
        }
    }
}

static void on_errand_done(GObject *source, GAsyncResult *result, gpointer data)
{
    PstWindow *window = PST_WINDOW(source);
    Errand *errand = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    gboolean done = g_task_propagate_boolean(G_TASK(result), &error);

    /* The window may have been closed meanwhile. */
    if (!gtk_widget_get_realized(GTK_WIDGET(window))) {
        return;
    }
    if (!done) {
        pst_window_tell(window, error->message, NULL, NULL);
        return;
    }
    switch (errand->deed) {
    case EXPORT: {
        g_autoptr(GVariant) path = g_variant_ref_sink(g_variant_new_string(errand->path));
        g_autofree char *action = g_action_print_detailed_name("app.show-in-folder", path);
        g_autofree char *name = g_filename_display_basename(errand->path);

        tell_of(window, _("Saved %s"), name, _("Show in Folder"), action);
        return;
    }
    case REMOVE:
        pst_style_list_remove(window->style_list, errand->id);
        g_clear_pointer(&window->removed_id, g_free);
        g_clear_pointer(&window->removed, pst_style_free);
        window->removed_id = g_strdup(errand->id);
        window->removed = g_steal_pointer(&errand->style);
        tell_of(window, _("“%s” was deleted."), window->removed->name, _("Undo"), "win.restore-style");
        break;
    default:
        pst_style_list_put(window->style_list, errand->id, errand->style);
    }
    reload_others(window);
}

static void begin_errand(PstWindow *window, Deed deed, const char *id, const char *path, const PstStyle *style)
{
    g_autoptr(GTask) task = g_task_new(window, NULL, on_errand_done, NULL);
    Errand *errand = g_new0(Errand, 1);

    *errand = (Errand){ deed, g_strdup(id), g_strdup(path), pst_style_copy(style) };
    g_task_set_task_data(task, errand, errand_free);
    g_task_run_in_thread(task, run_errand);
}

/* ---- actions on one style ------------------------------------------------------------------- */

/* The style that an action is about, or NULL. */
static PstStyleItem *item_of(PstWindow *window, GVariant *parameter)
{
    return pst_style_list_find(window->style_list, g_variant_get_string(parameter, NULL));
}

static void on_saved(PstStyleDialog *dialog, gpointer style, PstWindow *window)
{
    begin_errand(window, REPLACE, g_object_get_data(G_OBJECT(dialog), "id"), NULL, style);
}

static void on_details(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);
    GtkWidget *dialog;

    if (item) {
        dialog = pst_style_dialog_new(GTK_WINDOW(widget), item);
        g_object_set_data_full(G_OBJECT(dialog), "id", g_strdup(pst_style_item_id(item)), g_free);
        g_signal_connect_object(dialog, "save", G_CALLBACK(on_saved), widget, 0);
        gtk_window_present(GTK_WINDOW(dialog));
    }
}

static void on_duplicate(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);

    if (item) {
        g_autoptr(PstStyle) copy = pst_style_copy(pst_style_item_style(item));

        g_free(copy->name);
        copy->name = g_strdup_printf(_("%s (copy)"), pst_style_item_style(item)->name);
        /* A text that is too long for the file is not worth a message. */
        if (strlen(copy->name) > PST_STYLE_TEXT) {
            *g_utf8_find_prev_char(copy->name, copy->name + PST_STYLE_TEXT + 1) = '\0';
        }
        begin_errand(PST_WINDOW(widget), ADD, NULL, NULL, copy);
    }
}

/* A picture that was dropped in becomes one of the user's own styles. */
static void on_keep(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);

    if (item) {
        begin_errand(PST_WINDOW(widget), ADD, NULL, NULL, pst_style_item_style(item));
    }
}

static void on_delete(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);

    if (item && pst_style_item_origin(item) == PST_STYLE_OF_USER) {
        begin_errand(PST_WINDOW(widget), REMOVE, pst_style_item_id(item), NULL, pst_style_item_style(item));
    }
}

static void on_restore(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->removed) {
        begin_errand(window, REPLACE, window->removed_id, NULL, window->removed);
        g_clear_pointer(&window->removed_id, g_free);
        g_clear_pointer(&window->removed, pst_style_free);
    }
}

void pst_window_export_style(PstWindow *window, const char *id, const char *path)
{
    PstStyleItem *item = pst_style_list_find(window->style_list, id);

    if (item) {
        begin_errand(window, EXPORT, id, path, pst_style_item_style(item));
    }
}

static void on_export_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser)) : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;

    if (path) {
        pst_preferences_keep_folder("style-folder", GTK_FILE_CHOOSER(chooser));
        pst_window_export_style(window, g_object_get_data(G_OBJECT(chooser), "id"), path);
    }
    g_object_unref(chooser);
}

static void on_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);
    GtkFileChooserNative *chooser;
    g_autofree char *id = NULL, *file = NULL;

    if (!item) {
        return;
    }
    id = pst_library_identifier(pst_style_item_style(item)->name);
    file = g_strconcat(id, PST_STYLE_SUFFIX, NULL);
    chooser = gtk_file_chooser_native_new(_("Export the Style"), GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                          NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), file);
    pst_preferences_apply_folder("style-folder", GTK_FILE_CHOOSER(chooser));
    g_object_set_data_full(G_OBJECT(chooser), "id", g_strdup(pst_style_item_id(item)), g_free);
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_export_chosen), widget, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

void pst_window_note_styles(PstWindow *window)
{
    const PstLook *look = pst_document_look(window->document);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            PstStyleItem *item = pst_style_list_find(window->style_list, look->regions[i].styles[k].id);

            if (item && pst_style_item_origin(item) != PST_STYLE_DROPPED) {
                pst_preferences_add_recent_style(pst_style_item_id(item));
            }
        }
    }
}

/* ---- training ------------------------------------------------------------------------------- */

static void show_training(PstWindow *window)
{
    PstTrainingRun *run = window->training;
    gboolean under_way = run && (pst_training_run_state(run) == PST_TRAINING_RUN_RUNNING ||
                                 pst_training_run_state(run) == PST_TRAINING_RUN_STOPPING);
    g_autofree char *left = under_way ? pst_time_left(pst_training_run_seconds_left(run)) : NULL;
    g_autofree char *text = under_way ? g_strconcat(_("Training"), " ", pst_training_run_request(run)->name, left, NULL)
                                      : NULL;
    int steps = under_way ? pst_training_run_steps(run) : 0;

    pst_style_page_set_training(window->style_page, text,
                                steps > 0 ? (double)pst_training_run_step(run) / steps : 0);
}

static void take_trained(PstWindow *window, PstTrainingRun *run)
{
    g_autofree char *folder = pst_library_own_folder();
    g_autofree char *file = g_strconcat(pst_training_run_style_id(run), PST_STYLE_SUFFIX, NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    pst_style_list_add_file(window->style_list, path);
    reload_others(window);
    if (pst_training_run_was_vain(run)) {
        tell_of(window, _("Training “%s” found nothing better than the style untrained."),
                pst_training_run_request(run)->name, NULL, NULL);
    } else {
        tell_of(window, _("“%s” is trained and among your styles."), pst_training_run_request(run)->name, NULL, NULL);
    }
}

static void on_training_state(PstTrainingRun *run, GParamSpec *pspec, PstWindow *window)
{
    if (pst_training_run_state(run) == PST_TRAINING_RUN_DONE) {
        take_trained(window, run);
    } else if (pst_training_run_state(run) == PST_TRAINING_RUN_FAILED) {
        pst_window_tell(window, pst_training_run_message(run), NULL, NULL);
    }
    show_training(window);
}

static void follow(PstTrainDialog *dialog, PstTrainingRun *run, PstWindow *window)
{
    if (window->training == run) {
        return;
    }
    if (window->training) {
        g_signal_handlers_disconnect_by_data(window->training, window);
    }
    g_set_object(&window->training, run);
    g_signal_connect_object(run, "notify::state", G_CALLBACK(on_training_state), window, 0);
    g_signal_connect_object(run, "progress", G_CALLBACK(show_training), window, G_CONNECT_SWAPPED);
    g_signal_emit_by_name(window, "training-started", run);
    show_training(window);
}

PstTrainDialog *pst_window_train(PstWindow *window)
{
    GtkWidget *dialog = window->train_dialog;

    if (!dialog) {
        window->train_dialog = dialog = pst_train_dialog_new(GTK_WINDOW(window), window->document);
        g_object_add_weak_pointer(G_OBJECT(dialog), (gpointer *)&window->train_dialog);
        g_signal_connect_object(dialog, "started", G_CALLBACK(follow), window, 0);
        if (pst_train_dialog_run(PST_TRAIN_DIALOG(dialog))) {
            follow(PST_TRAIN_DIALOG(dialog), pst_train_dialog_run(PST_TRAIN_DIALOG(dialog)), window);
        }
    }
    gtk_window_present(GTK_WINDOW(dialog));
    return PST_TRAIN_DIALOG(dialog);
}

static void on_train(GtkWidget *widget, const char *name, GVariant *parameter)
{
    pst_window_train(PST_WINDOW(widget));
}

/* Goes on with the latest one that was left. */
static void on_resume(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GPtrArray) left = pst_training_request_list();
    PstWindow *window = PST_WINDOW(widget);

    if (left->len > 0 && !pst_training_run_current()) {
        g_autoptr(PstTrainingRun) run = pst_training_run_new(g_steal_pointer(&left->pdata[0]),
                                                             pst_document_photo(window->document));

        pst_train_dialog_show_run(pst_window_train(window), run);
    }
}

void pst_window_offer_training(PstWindow *window)
{
    g_autoptr(GPtrArray) left = pst_training_request_list();

    if (left->len > 0 && !pst_training_run_current()) {
        tell_of(window, _("The training of “%s” is not finished."), ((PstTrainingRequest *)left->pdata[0])->name,
                _("Go On"), "win.resume-training");
    }
}

void pst_window_end_styles(PstWindow *window)
{
    if (window->train_dialog) {
        g_object_remove_weak_pointer(G_OBJECT(window->train_dialog), (gpointer *)&window->train_dialog);
        window->train_dialog = NULL;
    }
    g_clear_object(&window->training);
    g_clear_pointer(&window->removed_id, g_free);
    g_clear_pointer(&window->removed, pst_style_free);
}

void pst_window_install_style_actions(GtkWidgetClass *widget_class)
{
    gtk_widget_class_install_action(widget_class, "win.train", NULL, on_train);
    gtk_widget_class_install_action(widget_class, "win.resume-training", NULL, on_resume);
    gtk_widget_class_install_action(widget_class, "win.style-details", "s", on_details);
    gtk_widget_class_install_action(widget_class, "win.duplicate-style", "s", on_duplicate);
    gtk_widget_class_install_action(widget_class, "win.keep-style", "s", on_keep);
    gtk_widget_class_install_action(widget_class, "win.export-style", "s", on_export);
    gtk_widget_class_install_action(widget_class, "win.delete-style", "s", on_delete);
    gtk_widget_class_install_action(widget_class, "win.restore-style", NULL, on_restore);
}
