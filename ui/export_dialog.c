#include "export_dialog.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/common/file_kind.h"
#include "app/desktop/document.h"
#include "field.h"
#include "file_chooser.h"

#define FORMATS 7 /* that any build writes, at most */

struct _PstExportDialog {
    GtkWindow parent_instance;
    GtkWidget *name, *folder_label, *format, *quality, *quality_field, *size, *side, *print, *centimetres, *resolution,
        *conflict, *metadata, *recipe, *preview, *export;
    PstExportOptions options;
    PstPhoto *photo;
    PstLook *look;
    PstInputs *inputs;
    GtkStringList *format_names;
    guint offered[FORMATS], formats; /* which of all formats, in the order of the list; how many */
    gboolean updating;
};

G_DEFINE_FINAL_TYPE(PstExportDialog, pst_export_dialog, GTK_TYPE_WINDOW)

static guint export_signal;

#define CENTIMETRES_PER_INCH 2.54

enum { AS_PHOTO, IN_PIXELS, IN_PRINT }; /* how the size is given, in the order of the list */

/* Those that this build writes are offered. JPEG, the first, is written by any. */
static const struct {
    PstFormat format;
    int depth;
    const char *name;
} formats[FORMATS] = {
    { PST_FORMAT_JPEG, 8, N_("JPEG") },
    { PST_FORMAT_PNG, 8, N_("PNG") },
    { PST_FORMAT_PNG, 16, N_("PNG, 16 bits") },
    { PST_FORMAT_TIFF, 8, N_("TIFF") },
    { PST_FORMAT_TIFF, 16, N_("TIFF, 16 bits") },
    { PST_FORMAT_WEBP, 8, N_("WebP") },
    { PST_FORMAT_OPENRASTER, 8, N_("OpenRaster (with layers)") },
};

static void show_preview(PstExportDialog *dialog)
{
    const PstPicture *full = dialog->photo->full;
    int width = MAX(full->width, full->info.full_width), height = MAX(full->height, full->info.full_height);
    g_autofree char *path = pst_export_options_path(&dialog->options, dialog->photo->name, dialog->look);
    g_autofree char *base = g_filename_display_basename(path);
    g_autofree char *text = NULL;
    gboolean spared = dialog->options.conflict != PST_CONFLICT_OVERWRITE || !pst_inputs_contain(dialog->inputs, path);

    gtk_widget_set_sensitive(dialog->export, spared);
    if (!spared) {
        gtk_label_set_text(GTK_LABEL(dialog->preview),
                           _("The painting would replace a picture that is in use: choose another name or folder."));
        return;
    }
    if (dialog->options.side > 0) {
        pst_size_fit_long_side(width, height, dialog->options.side, &width, &height);
    }
    text = g_strdup_printf(_("%s, %d × %d pixels"), base, width, height);
    gtk_label_set_text(GTK_LABEL(dialog->preview), text);
}

/* What the longer side is to be, in pixels; 0: as the photograph's. */
static int chosen_side(PstExportDialog *dialog)
{
    switch (gtk_drop_down_get_selected(GTK_DROP_DOWN(dialog->size))) {
    case IN_PIXELS:
        return gtk_spin_button_get_value_as_int(GTK_SPIN_BUTTON(dialog->side));
    case IN_PRINT:
        return (int)(gtk_spin_button_get_value(GTK_SPIN_BUTTON(dialog->centimetres)) / CENTIMETRES_PER_INCH *
                         gtk_spin_button_get_value(GTK_SPIN_BUTTON(dialog->resolution)) +
                     0.5);
    default:
        return 0;
    }
}

/* From the fields to the options. */
static void read_fields(PstExportDialog *dialog)
{
    guint offered = gtk_drop_down_get_selected(GTK_DROP_DOWN(dialog->format));
    guint size = gtk_drop_down_get_selected(GTK_DROP_DOWN(dialog->size));
    gboolean lossy;

    if (dialog->updating || offered >= dialog->formats) {
        return;
    }
    g_free(dialog->options.pattern);
    dialog->options.pattern = g_strdup(gtk_editable_get_text(GTK_EDITABLE(dialog->name)));
    dialog->options.format = formats[dialog->offered[offered]].format;
    dialog->options.depth = formats[dialog->offered[offered]].depth;
    dialog->options.quality = (int)gtk_range_get_value(GTK_RANGE(dialog->quality));
    dialog->options.side = chosen_side(dialog);
    dialog->options.conflict = (PstConflict)gtk_drop_down_get_selected(GTK_DROP_DOWN(dialog->conflict));
    dialog->options.metadata = (PstMetadata)gtk_drop_down_get_selected(GTK_DROP_DOWN(dialog->metadata));
    dialog->options.recipe = gtk_check_button_get_active(GTK_CHECK_BUTTON(dialog->recipe));
    lossy = dialog->options.format == PST_FORMAT_JPEG || dialog->options.format == PST_FORMAT_WEBP;
    gtk_widget_set_visible(dialog->quality_field, lossy);
    gtk_widget_set_visible(dialog->side, size == IN_PIXELS);
    gtk_widget_set_visible(dialog->print, size == IN_PRINT);
    show_preview(dialog);
}

static void show_folder(PstExportDialog *dialog)
{
    g_autofree char *name = g_filename_display_name(dialog->options.folder);

    gtk_label_set_text(GTK_LABEL(dialog->folder_label), name);
}

/* What the file would be called, to be changed. */
static void show_name(PstExportDialog *dialog)
{
    g_autofree char *path = pst_export_options_path(&dialog->options, dialog->photo->name, dialog->look);
    g_autofree char *stem = pst_file_stem(path);
    g_autofree char *text = g_filename_display_name(stem);

    gtk_editable_set_text(GTK_EDITABLE(dialog->name), text);
}

static void write_fields(PstExportDialog *dialog)
{
    const PstExportOptions *options = &dialog->options;
    guint chosen = 0;

    for (guint i = 0; i < dialog->formats; i++) {
        guint format = dialog->offered[i];

        if (formats[format].format == options->format && formats[format].depth == options->depth) {
            chosen = i;
        }
    }
    dialog->updating = TRUE;
    show_name(dialog);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(dialog->format), chosen);
    gtk_range_set_value(GTK_RANGE(dialog->quality), options->quality);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(dialog->size), options->side > 0 ? IN_PIXELS : AS_PHOTO);
    if (options->side > 0) {
        gtk_spin_button_set_value(GTK_SPIN_BUTTON(dialog->side), options->side);
    }
    gtk_drop_down_set_selected(GTK_DROP_DOWN(dialog->conflict), options->conflict);
    gtk_drop_down_set_selected(GTK_DROP_DOWN(dialog->metadata), options->metadata);
    gtk_check_button_set_active(GTK_CHECK_BUTTON(dialog->recipe), options->recipe);
    dialog->updating = FALSE;
    show_folder(dialog);
    read_fields(dialog);
}

static void on_folder_chosen(gpointer widget, GFile *file)
{
    PstExportDialog *dialog = widget;

    g_free(dialog->options.folder);
    dialog->options.folder = g_file_get_path(file);
    show_folder(dialog);
    show_preview(dialog);
}

static void on_folder(PstExportDialog *dialog)
{
    GtkFileChooser *chooser = pst_file_chooser_new(dialog, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                   _("Folder for the Painting"), NULL, on_folder_chosen);
    g_autoptr(GFile) folder = g_file_new_for_path(dialog->options.folder);

    gtk_file_chooser_set_current_folder(chooser, folder, NULL);
    pst_file_chooser_show(chooser);
}

static void on_export(PstExportDialog *dialog)
{
    g_object_ref(dialog);
    g_signal_emit(dialog, export_signal, 0, &dialog->options);
    gtk_window_destroy(GTK_WINDOW(dialog));
    g_object_unref(dialog);
}

static void pst_export_dialog_finalize(GObject *object)
{
    PstExportDialog *dialog = PST_EXPORT_DIALOG(object);

    pst_export_options_clear(&dialog->options);
    pst_photo_unref(dialog->photo);
    pst_look_unref(dialog->look);
    pst_inputs_unref(dialog->inputs);
    G_OBJECT_CLASS(pst_export_dialog_parent_class)->finalize(object);
}

static void pst_export_dialog_class_init(PstExportDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    G_OBJECT_CLASS(klass)->finalize = pst_export_dialog_finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/export_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, name);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, print);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, centimetres);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, resolution);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, folder_label);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, format);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, format_names);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, quality);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, quality_field);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, size);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, side);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, conflict);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, metadata);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, recipe);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, preview);
    gtk_widget_class_bind_template_child(widget_class, PstExportDialog, export);
    gtk_widget_class_bind_template_callback(widget_class, read_fields);
    gtk_widget_class_bind_template_callback(widget_class, on_folder);
    gtk_widget_class_bind_template_callback(widget_class, on_export);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    export_signal = g_signal_new("export", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void pst_export_dialog_init(PstExportDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    pst_accessible_name_buttons(GTK_WIDGET(dialog));
    dialog->updating = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (pst_format_is_written(formats[i].format)) {
            dialog->offered[dialog->formats++] = i;
            gtk_string_list_append(dialog->format_names, _(formats[i].name));
        }
    }
    dialog->updating = FALSE;
}

GtkWidget *pst_export_dialog_new(GtkWindow *parent, const PstExportOptions *options, PstPhoto *photo, PstLook *look)
{
    PstExportDialog *dialog = g_object_new(PST_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

    pst_export_options_copy(options, &dialog->options);
    dialog->photo = pst_photo_ref(photo);
    dialog->look = pst_look_ref(look);
    dialog->inputs = pst_inputs_new();
    pst_document_add_inputs(dialog->inputs);
    write_fields(dialog);
    gtk_widget_grab_focus(dialog->export);
    return GTK_WIDGET(dialog);
}
