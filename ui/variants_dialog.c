#include "variants_dialog.h"

#include <glib/gi18n.h>

#include "app/desktop/texture.h"
#include "app/desktop/variant.h"

struct _PstVariantsDialog {
    GtkWindow parent_instance;
    GtkWidget *settings, *styles, *grid;
    int places, columns;
    PstEngineService *service;
    PstDocument *document;
    PstStyleList *style_list;
    GPtrArray *looks; /* of PstLook, in the order of the grid */
    gboolean given;   /* they are those that were asked for */
    guint serial;     /* of the looks */
};

G_DEFINE_FINAL_TYPE(PstVariantsDialog, pst_variants_dialog, GTK_TYPE_WINDOW)

static guint keep_signal;

/* A painting on its way to its place. */
typedef struct {
    GWeakRef dialog; /* which may be closed, and its parent gone */
    guint serial;
    int place;
} Awaited;

static GtkWidget *button_at(PstVariantsDialog *dialog, int place)
{
    return gtk_grid_get_child_at(GTK_GRID(dialog->grid), place % dialog->columns, place / dialog->columns);
}

static GtkPicture *picture_at(PstVariantsDialog *dialog, int place)
{
    return GTK_PICTURE(gtk_widget_get_first_child(gtk_button_get_child(GTK_BUTTON(button_at(dialog, place)))));
}

static void on_painted(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autofree Awaited *awaited = data;
    g_autoptr(PstVariantsDialog) dialog = g_weak_ref_get(&awaited->dialog);
    g_autoptr(GdkTexture) texture = pst_texture_finish(result, NULL);

    g_weak_ref_clear(&awaited->dialog);
    if (texture && dialog && awaited->serial == dialog->serial) {
        gtk_picture_set_paintable(picture_at(dialog, awaited->place), GDK_PAINTABLE(texture));
    }
}

static char *slot_of(PstVariantsDialog *dialog, int place)
{
    return place < 0 ? g_strdup_printf("variant/%p/", (void *)dialog)
                     : g_strdup_printf("variant/%p/%d", (void *)dialog, place);
}

/* What a variant is, in a few words. */
static char *name_of(PstVariantsDialog *dialog, PstLook *look)
{
    g_autofree char *settings = g_strdup_printf(_("Strength %.0f %%, strokes %.1f ×"), 100 * look->strength,
                                                look->stroke);
    g_autofree char *title = pst_style_list_title(dialog->style_list, look);

    return dialog->given ? g_strconcat(title, " · ", settings, NULL)
           : gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(dialog->styles)) ? g_steal_pointer(&title)
                                                                             : g_steal_pointer(&settings);
}

static void fill(PstVariantsDialog *dialog)
{
    PstLook *look = pst_document_look(dialog->document);
    gboolean styles = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(dialog->styles));

    if (!dialog->given) {
        g_clear_pointer(&dialog->looks, g_ptr_array_unref);
        dialog->looks = styles ? pst_variants_of_styles(look, pst_document_region(dialog->document), dialog->style_list)
                               : pst_variants_of_settings(look);
    }
    dialog->serial++;
    for (int i = 0; i < dialog->places; i++) {
        GtkWidget *button = button_at(dialog, i);
        g_autofree char *slot = slot_of(dialog, i), *name = NULL;
        Awaited *awaited;

        gtk_picture_set_paintable(picture_at(dialog, i), NULL);
        gtk_widget_set_sensitive(button, i < (int)dialog->looks->len);
        if (i >= (int)dialog->looks->len) {
            continue;
        }
        name = name_of(dialog, dialog->looks->pdata[i]);
        gtk_widget_set_tooltip_text(button, name);
        gtk_label_set_text(GTK_LABEL(gtk_widget_get_next_sibling(GTK_WIDGET(picture_at(dialog, i)))), name);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
        awaited = g_new0(Awaited, 1);
        g_weak_ref_init(&awaited->dialog, dialog);
        awaited->serial = dialog->serial;
        awaited->place = i;
        pst_variant_paint(dialog->service, pst_document_photo(dialog->document), dialog->looks->pdata[i], slot,
                          on_painted, awaited);
    }
}

static void on_kind(PstVariantsDialog *dialog)
{
    fill(dialog);
}

static void on_keep(GtkButton *button, PstVariantsDialog *dialog)
{
    for (int i = 0; i < (int)dialog->looks->len; i++) {
        if (button_at(dialog, i) == GTK_WIDGET(button)) {
            g_signal_emit(dialog, keep_signal, 0, dialog->looks->pdata[i]);
            gtk_window_close(GTK_WINDOW(dialog));
            return;
        }
    }
}

/* When it is closed: what is still to be painted is not wanted any more. */
static void pst_variants_dialog_unrealize(GtkWidget *widget)
{
    PstVariantsDialog *dialog = PST_VARIANTS_DIALOG(widget);
    g_autofree char *slots = slot_of(dialog, -1);

    pst_variant_cancel(dialog->service, slots);
    GTK_WIDGET_CLASS(pst_variants_dialog_parent_class)->unrealize(widget);
}

static void pst_variants_dialog_finalize(GObject *object)
{
    PstVariantsDialog *dialog = PST_VARIANTS_DIALOG(object);

    g_clear_pointer(&dialog->looks, g_ptr_array_unref);
    g_clear_object(&dialog->document);
    g_clear_object(&dialog->style_list);
    G_OBJECT_CLASS(pst_variants_dialog_parent_class)->finalize(object);
}

static void pst_variants_dialog_class_init(PstVariantsDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = pst_variants_dialog_finalize;
    widget_class->unrealize = pst_variants_dialog_unrealize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/variants_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstVariantsDialog, settings);
    gtk_widget_class_bind_template_child(widget_class, PstVariantsDialog, styles);
    gtk_widget_class_bind_template_child(widget_class, PstVariantsDialog, grid);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    keep_signal = g_signal_new("keep", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_POINTER);
}

static void pst_variants_dialog_init(PstVariantsDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
}

/* A button for each look: its picture, and its name below. */
static void add_places(PstVariantsDialog *dialog, int places, int columns)
{
    dialog->places = places;
    dialog->columns = columns;
    for (int i = 0; i < places; i++) {
        GtkWidget *button = gtk_button_new(), *picture = gtk_picture_new(), *label = gtk_label_new(NULL);
        GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

        gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
        gtk_widget_set_vexpand(picture, TRUE);
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_box_append(GTK_BOX(box), picture);
        gtk_box_append(GTK_BOX(box), label);
        gtk_button_set_child(GTK_BUTTON(button), box);
        gtk_widget_add_css_class(button, "variant");
        g_signal_connect(button, "clicked", G_CALLBACK(on_keep), dialog);
        gtk_grid_attach(GTK_GRID(dialog->grid), button, i % columns, i / columns, 1, 1);
    }
}

static PstVariantsDialog *dialog_new(GtkWindow *parent, PstEngineService *service, PstDocument *document,
                                     PstStyleList *styles)
{
    PstVariantsDialog *dialog = g_object_new(PST_TYPE_VARIANTS_DIALOG, "transient-for", parent, "destroy-with-parent",
                                             TRUE, NULL);

    dialog->service = service;
    dialog->document = g_object_ref(document);
    dialog->style_list = g_object_ref(styles);
    return dialog;
}

GtkWidget *pst_variants_dialog_new(GtkWindow *parent, PstEngineService *service, PstDocument *document,
                                   PstStyleList *styles)
{
    PstVariantsDialog *dialog = dialog_new(parent, service, document, styles);
    gboolean plain = pst_look_is_plain(pst_document_look(document));

    add_places(dialog, PST_VARIANTS, 3);
    /* Without a style there is nothing to set. */
    gtk_widget_set_sensitive(dialog->settings, !plain);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(plain ? dialog->styles : dialog->settings), TRUE);
    g_signal_connect_swapped(dialog->styles, "toggled", G_CALLBACK(on_kind), dialog);
    fill(dialog);
    return GTK_WIDGET(dialog);
}

GtkWidget *pst_variants_dialog_new_comparison(GtkWindow *parent, PstEngineService *service, PstDocument *document,
                                              PstStyleList *styles, GPtrArray *looks)
{
    PstVariantsDialog *dialog = dialog_new(parent, service, document, styles);

    gtk_window_set_title(GTK_WINDOW(dialog), _("Compare"));
    gtk_header_bar_set_title_widget(GTK_HEADER_BAR(gtk_window_get_titlebar(GTK_WINDOW(dialog))), NULL);
    gtk_window_set_default_size(GTK_WINDOW(dialog), 1180, looks->len > 2 ? 860 : 520);
    dialog->given = TRUE;
    dialog->looks = g_ptr_array_ref(looks);
    add_places(dialog, (int)looks->len, 2);
    fill(dialog);
    return GTK_WIDGET(dialog);
}
