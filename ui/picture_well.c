#include "picture_well.h"

#include <glib/gi18n.h>

#include "app/common/batch.h"
#include "app/desktop/preferences.h"
#include "app/desktop/texture.h"
#include "engine/picture/reader.h"
#include "engine/service/raster.h"
#include "engine/finetune/style_images.h"
#include "file_drop.h"

#define SIDE 96 /* of a thumbnail, logical pixels */

struct _PstPictureWell {
    GtkWidget parent_instance;
    GtkWidget *stack, *flow, *choose, *more;
    GPtrArray *paths; /* in the order of the flow's children */
    GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE(PstPictureWell, pst_picture_well, GTK_TYPE_WIDGET)

static guint changed_signal;

/* ---- thumbnails ----------------------------------------------------------------------------- */

static void read_thumbnail(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, cancellable, &error);
    g_autoptr(PstPicture) square = picture ? pst_picture_middle_square(picture, &error) : NULL;
    g_autoptr(PstPicture) small = square ? pst_picture_resize(square, 2 * SIDE, 2 * SIDE, cancellable, &error) : NULL;
    PstRaster *raster = small ? pst_raster_new(small, cancellable, &error) : NULL;

    if (raster) {
        g_task_return_pointer(task, raster, (GDestroyNotify)pst_raster_unref);
    } else {
        g_task_return_error(task, g_steal_pointer(&error));
    }
}

/* What can't be read is told of by the data check. */
static void on_thumbnail(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GtkWidget) picture = data;
    g_autoptr(PstRaster) raster = g_task_propagate_pointer(G_TASK(result), NULL);
    g_autoptr(GdkTexture) texture = raster ? pst_texture_from_raster(raster) : NULL;

    if (texture) {
        gtk_picture_set_paintable(GTK_PICTURE(picture), GDK_PAINTABLE(texture));
    }
}

static void begin_thumbnail(PstPictureWell *well, GtkWidget *picture, const char *path)
{
    g_autoptr(GTask) task = g_task_new(well, well->cancellable, on_thumbnail, g_object_ref(picture));

    g_task_set_task_data(task, g_strdup(path), g_free);
    g_task_run_in_thread(task, read_thumbnail);
}

/* ---- pictures ------------------------------------------------------------------------------- */

static void changed(PstPictureWell *well)
{
    gtk_stack_set_visible_child_name(GTK_STACK(well->stack), well->paths->len > 0 ? "pictures" : "empty");
    g_signal_emit(well, changed_signal, 0);
}

static void remove_at(PstPictureWell *well, guint index)
{
    gtk_flow_box_remove(GTK_FLOW_BOX(well->flow),
                        GTK_WIDGET(gtk_flow_box_get_child_at_index(GTK_FLOW_BOX(well->flow), (int)index)));
    g_ptr_array_remove_index(well->paths, index);
}

static void on_remove(GtkButton *button, PstPictureWell *well)
{
    GtkWidget *child = gtk_widget_get_ancestor(GTK_WIDGET(button), GTK_TYPE_FLOW_BOX_CHILD);

    remove_at(well, (guint)gtk_flow_box_child_get_index(GTK_FLOW_BOX_CHILD(child)));
    changed(well);
}

static GtkWidget *new_tile(PstPictureWell *well, const char *path)
{
    GtkWidget *overlay = gtk_overlay_new(), *picture = gtk_picture_new();
    GtkWidget *remove = gtk_button_new_from_icon_name("window-close-symbolic");
    g_autofree char *name = g_filename_display_basename(path);
    g_autofree char *label = g_strdup_printf(_("Take out %s"), name);

    gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
    gtk_widget_set_size_request(picture, SIDE, SIDE);
    gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_tooltip_text(picture, name);
    gtk_picture_set_alternative_text(GTK_PICTURE(picture), name);
    gtk_widget_add_css_class(picture, "thumbnail");
    gtk_widget_set_halign(remove, GTK_ALIGN_END);
    gtk_widget_set_valign(remove, GTK_ALIGN_START);
    gtk_widget_set_tooltip_text(remove, label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    gtk_widget_add_css_class(remove, "circular");
    gtk_widget_add_css_class(remove, "remove");
    gtk_overlay_set_child(GTK_OVERLAY(overlay), picture);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), remove);
    g_signal_connect(remove, "clicked", G_CALLBACK(on_remove), well);
    begin_thumbnail(well, picture, path);
    return overlay;
}

static gboolean has(PstPictureWell *well, const char *path)
{
    for (guint i = 0; i < well->paths->len; i++) {
        if (g_str_equal(well->paths->pdata[i], path)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void add_file(PstPictureWell *well, const char *path)
{
    GtkWidget *tile;

    if (well->paths->len >= PST_STYLE_IMAGES_MOST || has(well, path)) {
        return;
    }
    tile = new_tile(well, path);
    g_ptr_array_add(well->paths, g_strdup(path));
    gtk_flow_box_insert(GTK_FLOW_BOX(well->flow), tile, -1);
    gtk_widget_set_focusable(gtk_widget_get_parent(tile), FALSE);
}

static void add_folder(PstPictureWell *well, const char *path)
{
    const PstBatchSettings settings = { .output = path, .label = "style", .conflict = PST_CONFLICT_UNIQUE };
    g_autoptr(PstBatch) batch = pst_batch_new((const char *[]){ path, NULL }, &settings, NULL);

    for (guint i = 0; batch && i < batch->items->len; i++) {
        add_file(well, ((const PstBatchItem *)batch->items->pdata[i])->input);
    }
}

void pst_picture_well_add(PstPictureWell *well, const char *path)
{
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);
    guint before = well->paths->len;

    if (g_file_test(absolute, G_FILE_TEST_IS_DIR)) {
        add_folder(well, absolute);
    } else {
        add_file(well, absolute);
    }
    if (well->paths->len > before) {
        changed(well);
    }
}

void pst_picture_well_keep(PstPictureWell *well, const char *const *paths)
{
    guint before = well->paths->len;

    for (guint i = well->paths->len; i-- > 0;) {
        if (!g_strv_contains(paths, well->paths->pdata[i])) {
            remove_at(well, i);
        }
    }
    if (well->paths->len < before) {
        changed(well);
    }
}

GStrv pst_picture_well_paths(PstPictureWell *well)
{
    GStrv paths = g_new0(char *, well->paths->len + 1);

    for (guint i = 0; i < well->paths->len; i++) {
        paths[i] = g_strdup(well->paths->pdata[i]);
    }
    return paths;
}

/* ---- ways in -------------------------------------------------------------------------------- */

static void add_gfile(PstPictureWell *well, GFile *file)
{
    g_autofree char *path = g_file_get_path(file);

    if (path) {
        pst_picture_well_add(well, path);
    }
}

static void on_chosen(GtkNativeDialog *chooser, int response, PstPictureWell *well)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(chooser));

        pst_preferences_keep_folder("style-folder", GTK_FILE_CHOOSER(chooser));
        for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
            g_autoptr(GFile) file = g_list_model_get_item(files, i);

            add_gfile(well, file);
        }
    }
    g_object_unref(chooser);
}

static void on_choose(PstPictureWell *well)
{
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Pictures of the Style"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(well))),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
    g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();

    gtk_file_filter_set_name(filter, _("Pictures"));
    gtk_file_filter_add_mime_type(filter, "image/jpeg");
    gtk_file_filter_add_mime_type(filter, "image/png");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), filter);
    gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(chooser), TRUE);
    pst_preferences_apply_folder("style-folder", GTK_FILE_CHOOSER(chooser));
    g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), well, 0);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void pst_picture_well_dispose(GObject *object)
{
    PstPictureWell *well = PST_PICTURE_WELL(object);

    g_cancellable_cancel(well->cancellable);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_PICTURE_WELL);
    G_OBJECT_CLASS(pst_picture_well_parent_class)->dispose(object);
}

static void pst_picture_well_finalize(GObject *object)
{
    PstPictureWell *well = PST_PICTURE_WELL(object);

    g_object_unref(well->cancellable);
    g_ptr_array_unref(well->paths);
    G_OBJECT_CLASS(pst_picture_well_parent_class)->finalize(object);
}

static void pst_picture_well_class_init(PstPictureWellClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_picture_well_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_picture_well_finalize;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "picturewell");
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/picture_well.ui");
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, stack);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, flow);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, choose);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, more);
    changed_signal = g_signal_new("changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void pst_picture_well_init(PstPictureWell *well)
{

    gtk_widget_init_template(GTK_WIDGET(well));
    well->paths = g_ptr_array_new_with_free_func(g_free);
    well->cancellable = g_cancellable_new();
    g_signal_connect_swapped(well->choose, "clicked", G_CALLBACK(on_choose), well);
    g_signal_connect_swapped(well->more, "clicked", G_CALLBACK(on_choose), well);
    pst_file_drop_accept(GTK_WIDGET(well), (PstFileDrop)add_gfile, well);
    gtk_widget_add_css_class(GTK_WIDGET(well), "drop-area");
}
