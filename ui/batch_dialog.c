#include "batch_dialog.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/desktop/export_batch.h"
#include "field.h"
#include "file_chooser.h"

struct _PstBatchDialog {
    GtkWindow parent_instance;
    GtkWidget *start, *stop, *style, *summary, *note, *recursive, *folder, *folder_label, *progress;
    GListStore *items; /* of PstExportItem */
    GtkNoSelection *selection;
    PstEngineService *service;
    PstTray *tray;
    PstExportOptions options;
    gboolean running;
};

G_DEFINE_FINAL_TYPE(PstBatchDialog, pst_batch_dialog, GTK_TYPE_WINDOW)

static const char *const icons[] = { "content-loading-symbolic", "media-playback-start-symbolic",
                                     "object-select-symbolic", "action-unavailable-symbolic",
                                     "dialog-warning-symbolic" };

static const char *state_text(PstExportState state)
{
    switch (state) {
    case PST_EXPORT_RUNNING:
        return _("Being painted");
    case PST_EXPORT_DONE:
        return _("Done");
    case PST_EXPORT_SKIPPED:
        return _("Skipped");
    case PST_EXPORT_FAILED:
        return _("Failed");
    default:
        return _("Waiting");
    }
}

static void update(PstBatchDialog *dialog)
{
    guint count = g_list_model_get_n_items(G_LIST_MODEL(dialog->items)), states[PST_EXPORT_FAILED + 1] = { 0 };
    double share = 0;
    g_autofree char *text = NULL;

    for (guint i = 0; i < count; i++) {
        g_autoptr(PstExportItem) item = g_list_model_get_item(G_LIST_MODEL(dialog->items), i);
        PstExportState state = pst_export_item_state(item);

        states[state]++;
        share += state >= PST_EXPORT_DONE ? 1 : pst_export_item_share(item);
    }
    dialog->running = dialog->running && states[PST_EXPORT_WAITING] + states[PST_EXPORT_RUNNING] > 0;
    if (count == 0) {
        text = g_strdup(_("There is no picture here."));
    } else if (states[PST_EXPORT_WAITING] == count && !dialog->running) {
        text = g_strdup_printf(ngettext("%u photo", "%u photos", count), count);
    } else {
        text = g_strdup_printf(_("%u done, %u skipped, %u failed of %u"), states[PST_EXPORT_DONE],
                               states[PST_EXPORT_SKIPPED], states[PST_EXPORT_FAILED], count);
    }
    gtk_label_set_text(GTK_LABEL(dialog->summary), text);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(dialog->progress), count ? share / count : 0);
    gtk_widget_set_visible(dialog->start, states[PST_EXPORT_WAITING] == count && !dialog->running);
    gtk_widget_set_sensitive(dialog->start, count > 0);
    gtk_widget_set_sensitive(dialog->folder, states[PST_EXPORT_WAITING] == count && !dialog->running);
    gtk_widget_set_sensitive(dialog->recursive, states[PST_EXPORT_WAITING] == count && !dialog->running);
    gtk_widget_set_visible(dialog->stop, dialog->running);
}

static void fill(PstBatchDialog *dialog)
{
    g_autofree char *note = NULL;

    g_clear_object(&dialog->items);
    dialog->items = pst_export_batch_new(dialog->tray, &dialog->options,
                                         gtk_check_button_get_active(GTK_CHECK_BUTTON(dialog->recursive)), &note);
    gtk_label_set_text(GTK_LABEL(dialog->note), note ? note : "");
    gtk_widget_set_visible(dialog->note, note != NULL);
    for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(dialog->items)); i++) {
        g_autoptr(PstExportItem) item = g_list_model_get_item(G_LIST_MODEL(dialog->items), i);

        g_signal_connect_object(item, "notify::state", G_CALLBACK(update), dialog, G_CONNECT_SWAPPED);
        g_signal_connect_object(item, "notify::share", G_CALLBACK(update), dialog, G_CONNECT_SWAPPED);
    }
    gtk_no_selection_set_model(dialog->selection, G_LIST_MODEL(dialog->items));
    update(dialog);
}

static void on_start(PstBatchDialog *dialog)
{
    fill(dialog); /* the folder of the results may be another by now */
    dialog->running = TRUE;
    for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(dialog->items)); i++) {
        g_autoptr(PstExportItem) item = g_list_model_get_item(G_LIST_MODEL(dialog->items), i);

        pst_export_item_start(item, dialog->service);
    }
    update(dialog);
}

static void on_stop(PstBatchDialog *dialog)
{
    for (guint i = g_list_model_get_n_items(G_LIST_MODEL(dialog->items)); i-- > 0;) {
        g_autoptr(PstExportItem) item = g_list_model_get_item(G_LIST_MODEL(dialog->items), i);

        pst_export_item_cancel(item);
    }
}

static void on_answer(GtkWidget *question, int response, PstBatchDialog *dialog)
{
    gtk_window_destroy(GTK_WINDOW(question));
    if (response == GTK_RESPONSE_ACCEPT) {
        on_stop(dialog);
        gtk_window_destroy(GTK_WINDOW(dialog));
    }
}

static gboolean on_close(PstBatchDialog *dialog)
{
    GtkWidget *question;

    if (!dialog->running) {
        return GDK_EVENT_PROPAGATE;
    }
    question = gtk_message_dialog_new(GTK_WINDOW(dialog), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", _("Stop painting these photos?"));
    gtk_message_dialog_format_secondary_text(GTK_MESSAGE_DIALOG(question), "%s", _("What is painted is kept."));
    gtk_dialog_add_buttons(GTK_DIALOG(question), _("_Go On"), GTK_RESPONSE_CANCEL, _("_Stop"), GTK_RESPONSE_ACCEPT,
                           NULL);
    gtk_dialog_set_default_response(GTK_DIALOG(question), GTK_RESPONSE_CANCEL);
    g_signal_connect_object(question, "response", G_CALLBACK(on_answer), dialog, 0);
    gtk_window_present(GTK_WINDOW(question));
    return GDK_EVENT_STOP;
}

static void show_folder(PstBatchDialog *dialog)
{
    g_autofree char *name = g_filename_display_basename(dialog->options.folder);

    gtk_label_set_text(GTK_LABEL(dialog->folder_label), name);
    gtk_widget_set_tooltip_text(dialog->folder, dialog->options.folder);
}

static void on_folder_chosen(gpointer widget, GFile *file)
{
    PstBatchDialog *dialog = widget;

    g_free(dialog->options.folder);
    dialog->options.folder = g_file_get_path(file);
    show_folder(dialog);
}

static void on_folder(PstBatchDialog *dialog)
{
    pst_file_chooser_show(pst_file_chooser_new(dialog, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                               _("Folder for the Paintings"), NULL, on_folder_chosen));
}

/* A row of the list follows its item by these. */
typedef struct {
    GtkWidget *icon, *name, *message;
    PstExportItem *item;
} Row;

static void row_update(PstExportItem *item, GParamSpec *pspec, GtkListItem *list_item)
{
    Row *row = g_object_get_data(G_OBJECT(list_item), "row");
    PstExportState state = pst_export_item_state(item);
    const char *warning = pst_export_item_warning(item);
    g_autofree char *message = state == PST_EXPORT_DONE && warning
                                   ? g_strdup_printf("%s (%s)", pst_export_item_message(item), warning)
                                   : g_strdup(pst_export_item_message(item));

    gtk_image_set_from_icon_name(GTK_IMAGE(row->icon), icons[state]);
    gtk_label_set_text(GTK_LABEL(row->name), pst_export_item_name(item));
    gtk_label_set_text(GTK_LABEL(row->message), message ? message : state_text(state));
    gtk_widget_set_tooltip_text(row->message, message);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, state_text(state), -1);
    pst_accessible_name_row(gtk_list_item_get_child(list_item), pst_export_item_name(item),
                            message ? message : state_text(state));
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    Row *row = g_new0(Row, 1);

    row->icon = gtk_image_new();
    row->name = gtk_label_new(NULL);
    row->message = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(row->name), 0);
    gtk_label_set_ellipsize(GTK_LABEL(row->name), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_xalign(GTK_LABEL(row->message), 0);
    gtk_label_set_ellipsize(GTK_LABEL(row->message), PANGO_ELLIPSIZE_MIDDLE);
    gtk_widget_add_css_class(row->message, "dim-label");
    gtk_widget_add_css_class(row->message, "caption");
    gtk_widget_set_hexpand(texts, TRUE);
    gtk_box_append(GTK_BOX(texts), row->name);
    gtk_box_append(GTK_BOX(texts), row->message);
    gtk_box_append(GTK_BOX(box), row->icon);
    gtk_box_append(GTK_BOX(box), texts);
    gtk_widget_add_css_class(box, "region");
    gtk_list_item_set_child(list_item, box);
    gtk_list_item_set_activatable(list_item, FALSE);
    g_object_set_data_full(G_OBJECT(list_item), "row", row, g_free);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    PstExportItem *item = gtk_list_item_get_item(list_item);

    g_signal_connect_object(item, "notify::state", G_CALLBACK(row_update), list_item, 0);
    row_update(item, NULL, list_item);
}

static void on_unbind(GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
    g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(list_item), list_item);
}

static void pst_batch_dialog_finalize(GObject *object)
{
    PstBatchDialog *dialog = PST_BATCH_DIALOG(object);

    g_clear_object(&dialog->items);
    pst_export_options_clear(&dialog->options);
    g_clear_object(&dialog->tray);
    G_OBJECT_CLASS(pst_batch_dialog_parent_class)->finalize(object);
}

static void pst_batch_dialog_class_init(PstBatchDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    G_OBJECT_CLASS(klass)->finalize = pst_batch_dialog_finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/batch_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, start);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, stop);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, style);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, summary);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, recursive);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, note);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, folder);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, folder_label);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, progress);
    gtk_widget_class_bind_template_child(widget_class, PstBatchDialog, selection);
    gtk_widget_class_bind_template_callback(widget_class, fill);
    gtk_widget_class_bind_template_callback(widget_class, on_start);
    gtk_widget_class_bind_template_callback(widget_class, on_stop);
    gtk_widget_class_bind_template_callback(widget_class, on_folder);
    gtk_widget_class_bind_template_callback(widget_class, on_close);
    gtk_widget_class_bind_template_callback(widget_class, on_setup);
    gtk_widget_class_bind_template_callback(widget_class, on_bind);
    gtk_widget_class_bind_template_callback(widget_class, on_unbind);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void pst_batch_dialog_init(PstBatchDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    pst_accessible_name_buttons(GTK_WIDGET(dialog));
}

static gboolean any_folder(const char *const *paths)
{
    for (int i = 0; paths[i]; i++) {
        if (g_file_test(paths[i], G_FILE_TEST_IS_DIR)) {
            return TRUE;
        }
    }
    return FALSE;
}

GtkWidget *pst_batch_dialog_new(GtkWindow *parent, PstEngineService *service, PstTray *tray, const char *style,
                                const PstExportOptions *options)
{
    g_autofree char *text = style ? g_strdup_printf(_("In the style “%s”"), style)
                                  : g_strdup(_("Each photo in its own look"));
    PstBatchDialog *dialog = g_object_new(PST_TYPE_BATCH_DIALOG, "transient-for", parent, NULL);

    dialog->service = service;
    dialog->tray = g_object_ref(tray);
    pst_export_options_copy(options, &dialog->options);
    gtk_label_set_text(GTK_LABEL(dialog->style), text);
    show_folder(dialog);
    gtk_widget_set_visible(dialog->recursive, any_folder(pst_tray_sources(tray)));
    fill(dialog);
    return GTK_WIDGET(dialog);
}
