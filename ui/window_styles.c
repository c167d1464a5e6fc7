/* Styles: taken in, renamed, doubled, given away, removed, trained. */
#include "window_private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/desktop/preferences.h"
#include "app/desktop/sample.h"
#include "finder_dialog.h"
#include "style_dialog.h"
#include "time_left.h"

static void tell_of(PstWindow *window, const char *format, const char *name, const char *button, const char *action)
{
    g_autofree char *text = g_strdup_printf(format, name);

    pst_window_tell(window, text, button, action);
}

/* ---- what the list of styles did ------------------------------------------------------------ */

/* The style that it was about, owned by the caller. NULL where it failed, which is shown, or where the window was
 * closed meanwhile. */
static PstStyleItem *take_result(GObject *list, GAsyncResult *result, PstWindow *window)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyleItem) item = pst_style_list_finish(PST_STYLE_LIST(list), result, &error);

    if (!pst_window_is_open(window)) {
        return NULL;
    }
    if (!item && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        pst_window_tell_error(window, error);
    }
    return g_steal_pointer(&item);
}

static void on_done(GObject *list, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    G_GNUC_UNUSED g_autoptr(PstStyleItem) item = take_result(list, result, window);
}

static void on_added(GObject *list, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(PstStyleItem) item = take_result(list, result, window);

    if (item) {
        pst_style_page_pick(window->style_page, item);
    }
}

static void on_removed(GObject *list, GAsyncResult *result, gpointer data)
{
    g_autoptr(PstWindow) window = data;
    g_autoptr(PstStyleItem) item = take_result(list, result, window);

    if (item) {
        g_set_object(&window->removed, item);
        tell_of(window, _("“%s” was deleted."), pst_style_item_style(item)->name, _("Undo"), "win.restore-style");
    }
}

/* A style on its way to a file. */
typedef struct {
    PstWindow *window;
    char *path;
} Export;

static void on_exported(GObject *list, GAsyncResult *result, gpointer data)
{
    Export *export = data;
    g_autoptr(PstWindow) window = export->window;
    g_autofree char *path = export->path;
    g_autoptr(PstStyleItem) item = take_result(list, result, window);

    if (item) {
        pst_window_tell_saved(window, path, NULL);
    }
    g_free(export);
}

void pst_window_add_style(PstWindow *window, const char *path)
{
    pst_style_list_add_file(window->style_list, path, on_added, g_object_ref(window));
}

/* ---- actions on one style ------------------------------------------------------------------- */

/* The style that an action is about, or NULL. */
static PstStyleItem *item_of(PstWindow *window, GVariant *parameter)
{
    return pst_style_list_find(window->style_list, g_variant_get_string(parameter, NULL));
}

static void replace(PstWindow *window, const char *id, const PstStyle *style)
{
    pst_style_list_replace(window->style_list, id, style, on_done, g_object_ref(window));
}

static void on_saved(PstStyleDialog *dialog, gpointer style, PstWindow *window)
{
    replace(window, g_object_get_data(G_OBJECT(dialog), "id"), style);
}

/* A dialog on its way to a larger picture: it may be closed first. */
static void on_pictured(GObject *source, GAsyncResult *result, gpointer data)
{
    GWeakRef *reference = data;
    g_autoptr(PstStyleDialog) dialog = g_weak_ref_get(reference);
    g_autoptr(GdkTexture) photo = NULL, painting = NULL;

    if (pst_sample_finish(result, &photo, &painting, NULL) && dialog) {
        pst_style_dialog_set_picture(dialog, painting);
    }
    g_weak_ref_clear(reference);
    g_free(reference);
}

/* A sample in the style: paintings themselves can't come with the program. */
static void picture_dialog(PstWindow *window, GtkWidget *dialog, PstStyleItem *item)
{
    GWeakRef *reference = g_new(GWeakRef, 1);
    g_autoptr(PstLook) look = pst_look_new();

    g_weak_ref_init(reference, dialog);
    pst_look_add_style(look, 0, pst_style_item_id(item), pst_style_item_style(item), 1);
    pst_sample_paint(window->service, pst_sample(0), look, NULL, on_pictured, reference);
}

static void on_details(GtkWidget *widget, const char *name, GVariant *parameter)
{
    const char *id = g_variant_get_string(parameter, NULL);
    PstStyleThumbnail *thumbnail = pst_thumbnail_list_find(PST_WINDOW(widget)->thumbnails, id);
    GtkWidget *dialog;

    if (thumbnail) {
        dialog = pst_style_dialog_new(GTK_WINDOW(widget), thumbnail);
        g_object_set_data_full(G_OBJECT(dialog), "id", g_strdup(id), g_free);
        g_signal_connect_object(dialog, "save", G_CALLBACK(on_saved), widget, 0);
        picture_dialog(PST_WINDOW(widget), dialog, pst_style_thumbnail_item(thumbnail));
        gtk_window_present(GTK_WINDOW(dialog));
    }
}

static void on_duplicate(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    PstStyleItem *item = item_of(window, parameter);

    if (item) {
        g_autoptr(PstStyle) copy = pst_style_copy(pst_style_item_style(item));

        g_free(copy->name);
        copy->name = g_strdup_printf(_("%s (copy)"), pst_style_item_style(item)->name);
        /* A text that is too long for the file is not worth a message. */
        if (strlen(copy->name) > PST_STYLE_TEXT) {
            *g_utf8_find_prev_char(copy->name, copy->name + PST_STYLE_TEXT + 1) = '\0';
        }
        pst_style_list_keep(window->style_list, copy, on_done, g_object_ref(window));
    }
}

/* A picture that was dropped in becomes one of the user's own styles. */
static void on_keep(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    PstStyleItem *item = item_of(window, parameter);

    if (item) {
        pst_style_list_keep(window->style_list, pst_style_item_style(item), on_done, g_object_ref(window));
    }
}

static void on_delete(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    PstStyleItem *item = item_of(window, parameter);

    if (item && pst_style_item_origin(item) == PST_STYLE_OF_USER) {
        pst_style_list_remove(window->style_list, item, on_removed, g_object_ref(window));
    }
}

static void on_use(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);
    PstStyleItem *item = item_of(window, parameter);

    if (item) {
        pst_style_page_pick(window->style_page, item);
    }
}

static void on_restore(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    if (window->removed) {
        replace(window, pst_style_item_id(window->removed), pst_style_item_style(window->removed));
        g_clear_object(&window->removed);
    }
}

static void on_export_chosen(GtkNativeDialog *chooser, int response, PstWindow *window)
{
    g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser))
                                                            : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    PstStyleItem *item = g_object_get_data(G_OBJECT(chooser), "item");
    g_autoptr(PstInputs) inputs = pst_inputs_new();
    g_autoptr(GError) error = NULL;

    pst_document_add_inputs(inputs);
    if (path && !pst_inputs_spare(inputs, path, &error)) {
        pst_window_tell_error(window, error);
    } else if (path) {
        Export *export = g_new(Export, 1);

        *export = (Export){ g_object_ref(window), g_strdup(path) };
        pst_preferences_keep_folder("style-folder", GTK_FILE_CHOOSER(chooser));
        pst_style_list_export(window->style_list, item, path, on_exported, export);
    }
    g_object_unref(chooser);
}

static void on_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstStyleItem *item = item_of(PST_WINDOW(widget), parameter);
    GtkFileChooserNative *chooser;
    g_autofree char *file = NULL;

    if (!item) {
        return;
    }
    file = pst_style_item_file_name(item);
    chooser = gtk_file_chooser_native_new(_("Export the Style"), GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                          NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), file);
    pst_preferences_apply_folder("style-folder", GTK_FILE_CHOOSER(chooser));
    g_object_set_data_full(G_OBJECT(chooser), "item", g_object_ref(item), g_object_unref);
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

    pst_style_page_set_training(window->style_page, text, steps > 0 ? (double)pst_training_run_step(run) / steps : 0);
}

static void take_trained(PstWindow *window, PstTrainingRun *run)
{
    pst_style_list_read_own(window->style_list, pst_training_run_style_id(run), on_done, g_object_ref(window));
    if (pst_training_run_was_vain(run)) {
        tell_of(window, _("Training “%s” found nothing better than the style untrained."),
                pst_training_run_request(run)->name, NULL, NULL);
    } else {
        g_autoptr(GVariant) id = g_variant_ref_sink(g_variant_new_string(pst_training_run_style_id(run)));
        g_autofree char *action = g_action_print_detailed_name("win.use-style", id);

        tell_of(window, _("“%s” is trained and among your styles."), pst_training_run_request(run)->name, _("Use It"),
                action);
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

static PstTrainDialog *show_dialog(PstWindow *window)
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
    show_dialog(PST_WINDOW(widget));
}

/* ---- finding -------------------------------------------------------------------------------- */

static void on_keep_found(GtkWidget *dialog, gpointer style, PstWindow *window)
{
    pst_style_list_keep(window->style_list, style, on_added, g_object_ref(window));
}

static void show_finder(PstWindow *window)
{
    if (!window->finder_dialog) {
        window->finder_dialog = pst_finder_dialog_new(GTK_WINDOW(window), window->service, window->document);
        g_object_add_weak_pointer(G_OBJECT(window->finder_dialog), (gpointer *)&window->finder_dialog);
        g_signal_connect_object(window->finder_dialog, "keep", G_CALLBACK(on_keep_found), window, 0);
    }
    gtk_window_present(GTK_WINDOW(window->finder_dialog));
}

static void on_find(GtkWidget *widget, const char *name, GVariant *parameter)
{
    show_finder(PST_WINDOW(widget));
}

static void on_find_artworks(GtkWidget *widget, const char *name, GVariant *parameter)
{
    PstWindow *window = PST_WINDOW(widget);

    show_finder(window);
    pst_finder_dialog_ask(PST_FINDER_DIALOG(window->finder_dialog), g_variant_get_string(parameter, NULL));
}

/* Goes on with the latest one that was left. */
static void on_resume(GtkWidget *widget, const char *name, GVariant *parameter)
{
    g_autoptr(GPtrArray) left = pst_training_request_list();
    PstWindow *window = PST_WINDOW(widget);

    if (left->len > 0 && !pst_training_run_current()) {
        g_autoptr(PstTrainingRun)
            run = pst_training_run_new(g_steal_pointer(&left->pdata[0]), pst_document_photo(window->document));

        pst_train_dialog_show_run(show_dialog(window), run);
    }
}

void pst_window_offer_training(PstWindow *window)
{
    g_autoptr(GPtrArray) left = pst_training_request_list();

    if (left->len > 0 && !pst_training_run_current()) {
        const PstTrainingRequest *request = left->pdata[0];

        g_autofree char *text = g_strdup_printf(_("The training of “%s” is not finished."), request->name);

        pst_message_bar_offer(window->message_bar, text, _("Go On"), "win.resume-training");
    }
}

void pst_window_end_styles(PstWindow *window)
{
    if (window->finder_dialog) {
        g_object_remove_weak_pointer(G_OBJECT(window->finder_dialog), (gpointer *)&window->finder_dialog);
        window->finder_dialog = NULL;
    }
    if (window->train_dialog) {
        g_object_remove_weak_pointer(G_OBJECT(window->train_dialog), (gpointer *)&window->train_dialog);
        window->train_dialog = NULL;
    }
    g_clear_object(&window->training);
    g_clear_object(&window->removed);
}

void pst_window_install_style_actions(GtkWidgetClass *widget_class)
{
    gtk_widget_class_install_action(widget_class, "win.train", NULL, on_train);
    gtk_widget_class_install_action(widget_class, "win.find-style", NULL, on_find);
    gtk_widget_class_install_action(widget_class, "win.find-artworks", "s", on_find_artworks);
    gtk_widget_class_install_action(widget_class, "win.resume-training", NULL, on_resume);
    gtk_widget_class_install_action(widget_class, "win.style-details", "s", on_details);
    gtk_widget_class_install_action(widget_class, "win.duplicate-style", "s", on_duplicate);
    gtk_widget_class_install_action(widget_class, "win.keep-style", "s", on_keep);
    gtk_widget_class_install_action(widget_class, "win.export-style", "s", on_export);
    gtk_widget_class_install_action(widget_class, "win.delete-style", "s", on_delete);
    gtk_widget_class_install_action(widget_class, "win.restore-style", NULL, on_restore);
    gtk_widget_class_install_action(widget_class, "win.use-style", "s", on_use);
}
