#include "style_dialog.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "app/desktop/data_report.h"
#include "app/desktop/style_group.h"
#include "app/desktop/swatches.h"
#include "app/desktop/training_curve.h"
#include "field.h"
#include "finding_list.h"
#include "loss_curve.h"

struct _PstStyleDialog {
    GtkWindow parent_instance;
    GtkWidget *close, *save, *picture, *swatches, *kind, *sentence, *name, *artist, *year, *movement, *author, *licence,
        *sources_box, *sources, *report_box, *curve_box;
    PstFindingList *report;
    PstLossCurve *curve;
    PstStyle *style;
};

G_DEFINE_FINAL_TYPE(PstStyleDialog, pst_style_dialog, GTK_TYPE_WINDOW)

static guint save_signal;

/* The entries and the texts that they change. */
static char **text_of(PstStyleDialog *dialog, int i, GtkWidget **entry)
{
    GtkWidget *entries[] = { dialog->name,     dialog->artist, dialog->year,
                             dialog->movement, dialog->author, dialog->licence };
    char **texts[] = { &dialog->style->name,     &dialog->style->artist, &dialog->style->year,
                       &dialog->style->movement, &dialog->style->author, &dialog->style->licence };

    *entry = entries[i];
    return texts[i];
}

#define TEXTS 6

static void update_save(PstStyleDialog *dialog)
{
    g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(dialog->name))));

    gtk_widget_set_sensitive(dialog->save, *name != '\0');
}

static void on_save(PstStyleDialog *dialog)
{
    for (int i = 0; i < TEXTS; i++) {
        GtkWidget *entry;
        char **text = text_of(dialog, i, &entry);

        g_free(*text);
        *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));
        if (!**text) {
            g_clear_pointer(text, g_free);
        }
    }
    g_signal_emit(dialog, save_signal, 0, dialog->style);
    gtk_window_close(GTK_WINDOW(dialog));
}

static void show_texts(PstStyleDialog *dialog, gboolean own)
{
    for (int i = 0; i < TEXTS; i++) {
        GtkWidget *entry;
        char **text = text_of(dialog, i, &entry);

        gtk_editable_set_text(GTK_EDITABLE(entry), !*text ? "" : own ? *text : pst_style_text(*text));
        gtk_editable_set_editable(GTK_EDITABLE(entry), own);
        gtk_widget_set_can_focus(entry, own);
        if (!own) {
            gtk_widget_add_css_class(entry, "read-only");
        }
        /* What can't be filled in is only shown where there is something. */
        gtk_widget_set_visible(gtk_widget_get_parent(entry), own || *text);
    }
}

/* The pictures that it was made from. */
static void show_sources(PstStyleDialog *dialog, PstStyleItem *item)
{
    g_autofree char *sources = pst_style_item_sources(item);

    gtk_label_set_text(GTK_LABEL(dialog->sources), sources);
    gtk_widget_set_visible(dialog->sources_box, *sources != '\0');
}

static void show_curve(PstStyleDialog *dialog)
{
    g_autoptr(GArray) points = NULL, validations = NULL;

    pst_training_curve_read(dialog->style->curve, &points, &validations);
    pst_loss_curve_set(dialog->curve, points, validations, 0);
    gtk_widget_set_visible(dialog->curve_box, points->len > 1);
}

static void show_report(PstStyleDialog *dialog)
{
    g_autoptr(GPtrArray) report = pst_data_report_read(dialog->style->report);

    pst_finding_list_set_report(dialog->report, report, FALSE);
    gtk_widget_set_visible(dialog->report_box, report && report->len > 0);
}

/* The picture, and the colours that it is made of. */
static void show_picture(PstStyleDialog *dialog, GdkTexture *texture)
{
    g_autoptr(GPtrArray) swatches = pst_swatches_new(texture);
    GtkWidget *child;

    gtk_picture_set_paintable(GTK_PICTURE(dialog->picture), GDK_PAINTABLE(texture));
    while ((child = gtk_widget_get_first_child(dialog->swatches))) {
        gtk_box_remove(GTK_BOX(dialog->swatches), child);
    }
    for (guint i = 0; i < swatches->len; i++) {
        GtkWidget *swatch = gtk_picture_new_for_paintable(swatches->pdata[i]);

        gtk_picture_set_content_fit(GTK_PICTURE(swatch), GTK_CONTENT_FIT_FILL);
        gtk_widget_set_overflow(swatch, GTK_OVERFLOW_HIDDEN);
        gtk_widget_add_css_class(swatch, "swatch");
        gtk_box_append(GTK_BOX(dialog->swatches), swatch);
    }
}

static void show_style(PstStyleDialog *dialog, PstStyleThumbnail *thumbnail)
{
    PstStyleItem *item = pst_style_thumbnail_item(thumbnail);
    const PstStyle *style = dialog->style;
    const char *sentence = pst_style_sentence(pst_style_item_id(item));
    gboolean own = pst_style_item_origin(item) == PST_STYLE_OF_USER;
    const char *kind = style->delta ? _("Trained on pictures")
                       : own        ? _("Made from pictures")
                       : pst_style_item_origin(item) == PST_STYLE_DROPPED
                           ? _("A picture, in use until the program ends")
                           : _("Comes with the program");

    show_picture(dialog,
                 pst_style_item_texture(item) ? pst_style_item_texture(item) : pst_style_thumbnail_texture(thumbnail));
    gtk_picture_set_alternative_text(GTK_PICTURE(dialog->picture), pst_style_item_name(item));
    gtk_label_set_text(GTK_LABEL(dialog->sentence), sentence ? sentence : "");
    gtk_widget_set_visible(dialog->sentence, sentence != NULL);
    gtk_label_set_text(GTK_LABEL(dialog->kind), kind);
    gtk_widget_set_visible(dialog->save, own);
    show_texts(dialog, own);
    show_sources(dialog, item);
    show_curve(dialog);
    show_report(dialog);
    gtk_window_set_title(GTK_WINDOW(dialog), pst_style_item_name(item));
    gtk_widget_grab_focus(own ? dialog->name : dialog->close);
}

void pst_style_dialog_set_picture(PstStyleDialog *dialog, GdkTexture *picture)
{
    show_picture(dialog, picture);
}

static void pst_style_dialog_finalize(GObject *object)
{
    g_clear_pointer(&PST_STYLE_DIALOG(object)->style, pst_style_free);
    G_OBJECT_CLASS(pst_style_dialog_parent_class)->finalize(object);
}

static void pst_style_dialog_class_init(PstStyleDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    g_type_ensure(PST_TYPE_FINDING_LIST);
    g_type_ensure(PST_TYPE_LOSS_CURVE);
    G_OBJECT_CLASS(klass)->finalize = pst_style_dialog_finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/style_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, close);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, save);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, picture);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, swatches);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, kind);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, sentence);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, name);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, artist);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, year);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, movement);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, author);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, licence);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, sources_box);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, sources);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, report_box);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, report);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, curve_box);
    gtk_widget_class_bind_template_child(widget_class, PstStyleDialog, curve);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    save_signal = g_signal_new("save", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_POINTER);
}

static void pst_style_dialog_init(PstStyleDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    pst_accessible_name_buttons(GTK_WIDGET(dialog));
    g_signal_connect_swapped(dialog->save, "clicked", G_CALLBACK(on_save), dialog);
    g_signal_connect_swapped(dialog->name, "changed", G_CALLBACK(update_save), dialog);
}

GtkWidget *pst_style_dialog_new(GtkWindow *parent, PstStyleThumbnail *thumbnail)
{
    PstStyleDialog *dialog = g_object_new(PST_TYPE_STYLE_DIALOG, "transient-for", parent, "destroy-with-parent", TRUE,
                                          NULL);

    dialog->style = pst_style_copy(pst_style_item_style(pst_style_thumbnail_item(thumbnail)));
    show_style(dialog, thumbnail);
    return GTK_WIDGET(dialog);
}
