#include "picture_well.h"

#include <glib/gi18n.h>

#include "app/common/file_kind.h"
#include "file_chooser.h"
#include "file_drop.h"

#define SIDE 96 /* of a thumbnail, logical pixels */

struct _PstPictureWell {
    GtkWidget parent_instance;
    GtkWidget *stack, *flow, *choose, *more;
    PstTrainingPictures *pictures;
};

G_DEFINE_FINAL_TYPE(PstPictureWell, pst_picture_well, GTK_TYPE_WIDGET)

/* ---- pictures ------------------------------------------------------------------------------- */

static void on_items(PstPictureWell *well)
{
    gboolean any = g_list_model_get_n_items(G_LIST_MODEL(well->pictures)) > 0;

    gtk_stack_set_visible_child_name(GTK_STACK(well->stack), any ? "pictures" : "empty");
}

static void on_remove(GtkButton *button, PstPictureWell *well)
{
    pst_training_pictures_remove(well->pictures, g_object_get_data(G_OBJECT(button), "picture"));
}

static GtkWidget *new_tile(gpointer item, gpointer data)
{
    GtkWidget *child = gtk_flow_box_child_new(), *overlay = gtk_overlay_new(), *picture = gtk_picture_new();
    GtkWidget *remove = gtk_button_new_from_icon_name("window-close-symbolic");
    const char *name = pst_training_picture_name(item);
    g_autofree char *label = g_strdup_printf(_("Take out %s"), name);

    gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
    gtk_widget_set_size_request(picture, SIDE, SIDE);
    gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_tooltip_text(picture, name);
    gtk_picture_set_alternative_text(GTK_PICTURE(picture), name);
    gtk_widget_add_css_class(picture, "thumbnail");
    g_object_bind_property(item, "texture", picture, "paintable", G_BINDING_SYNC_CREATE);
    gtk_widget_set_halign(remove, GTK_ALIGN_END);
    gtk_widget_set_valign(remove, GTK_ALIGN_START);
    gtk_widget_set_tooltip_text(remove, label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    gtk_widget_add_css_class(remove, "circular");
    gtk_widget_add_css_class(remove, "remove");
    gtk_overlay_set_child(GTK_OVERLAY(overlay), picture);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), remove);
    g_object_set_data_full(G_OBJECT(remove), "picture", g_object_ref(item), g_object_unref);
    g_signal_connect(remove, "clicked", G_CALLBACK(on_remove), data);
    gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(child), overlay);
    gtk_widget_set_focusable(child, FALSE);
    return child;
}

void pst_picture_well_set_pictures(PstPictureWell *well, PstTrainingPictures *pictures)
{
    g_set_object(&well->pictures, pictures);
    g_signal_connect_object(pictures, "items-changed", G_CALLBACK(on_items), well, G_CONNECT_SWAPPED);
    gtk_flow_box_bind_model(GTK_FLOW_BOX(well->flow), G_LIST_MODEL(pictures), new_tile, well, NULL);
    on_items(well);
}

/* ---- ways in -------------------------------------------------------------------------------- */

static void add_gfile(PstPictureWell *well, GFile *file)
{
    g_autofree char *path = g_file_get_path(file);

    if (path) {
        pst_training_pictures_add(well->pictures, path);
    }
}

static void on_choose(PstPictureWell *well)
{
    GtkFileChooser *chooser = pst_file_chooser_new(well, GTK_FILE_CHOOSER_ACTION_OPEN, _("Pictures of the Style"),
                                                   "style-folder", (PstFileChosen)add_gfile);

    pst_file_chooser_filter(chooser, _("Pictures"), pst_media_types());
    gtk_file_chooser_set_select_multiple(chooser, TRUE);
    pst_file_chooser_show(chooser);
}

static void pst_picture_well_dispose(GObject *object)
{
    PstPictureWell *well = PST_PICTURE_WELL(object);

    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_PICTURE_WELL);
    g_clear_object(&well->pictures);
    G_OBJECT_CLASS(pst_picture_well_parent_class)->dispose(object);
}

static void pst_picture_well_class_init(PstPictureWellClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_picture_well_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "picturewell");
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/picture_well.ui");
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, stack);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, flow);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, choose);
    gtk_widget_class_bind_template_child(widget_class, PstPictureWell, more);
}

static void pst_picture_well_init(PstPictureWell *well)
{
    gtk_widget_init_template(GTK_WIDGET(well));
    g_signal_connect_swapped(well->choose, "clicked", G_CALLBACK(on_choose), well);
    g_signal_connect_swapped(well->more, "clicked", G_CALLBACK(on_choose), well);
    pst_file_drop_accept(GTK_WIDGET(well), (PstFileDrop)add_gfile, well);
    gtk_widget_add_css_class(GTK_WIDGET(well), "drop-area");
}
