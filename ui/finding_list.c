#include "finding_list.h"

#include <glib/gi18n.h>

#include "app/desktop/data_report.h"

struct _PstFindingList {
    GtkWidget parent_instance;
    GtkWidget *list;
    GtkWidget *crop; /* or NULL: no picture has a frame */
};

G_DEFINE_FINAL_TYPE(PstFindingList, pst_finding_list, GTK_TYPE_WIDGET)

static guint keep_signal;

static void clear(PstFindingList *list)
{
    GtkWidget *row;

    while ((row = gtk_widget_get_first_child(list->list))) {
        gtk_list_box_remove(GTK_LIST_BOX(list->list), row);
    }
    list->crop = NULL;
}

/* A row of an icon and a sentence; what may be done is put into its box. */
static GtkWidget *add_row(PstFindingList *list, const char *icon, const char *text)
{
    GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *image = gtk_image_new_from_icon_name(icon), *label = gtk_label_new(text);

    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_set_valign(image, GTK_ALIGN_START);
    gtk_widget_add_css_class(image, "dim-label");
    gtk_box_append(GTK_BOX(box), image);
    gtk_box_append(GTK_BOX(box), label);
    gtk_widget_add_css_class(box, "finding");
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    gtk_list_box_append(GTK_LIST_BOX(list->list), row);
    gtk_widget_show(GTK_WIDGET(list));
    return box;
}

/* One switch for all frames, at the first of them. */
static void offer_crop(PstFindingList *list, GtkWidget *box)
{
    if (!list->crop) {
        list->crop = gtk_check_button_new_with_mnemonic(_("C_rop"));
        gtk_check_button_set_active(GTK_CHECK_BUTTON(list->crop), TRUE);
        gtk_widget_set_valign(list->crop, GTK_ALIGN_CENTER);
        gtk_widget_set_tooltip_text(list->crop, _("Take frames and margins off before the training"));
        gtk_box_append(GTK_BOX(box), list->crop);
    }
}

static void on_keep(GtkButton *button, PstFindingList *list)
{
    g_signal_emit(list, keep_signal, 0, g_object_get_data(G_OBJECT(button), "files"));
}

static void offer_split(PstFindingList *list, GtkWidget *box, const GPtrArray *groups)
{
    GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);

    for (guint i = 0; i < groups->len; i++) {
        const GStrv files = groups->pdata[i];
        guint count = g_strv_length(files);
        g_autofree char *text = g_strdup_printf(ngettext("Only This %d", "Only These %d", count), (int)count);
        g_autofree char *tip = g_strjoinv("\n", files);
        GtkWidget *button = gtk_button_new_with_label(text);

        gtk_widget_set_tooltip_text(button, tip);
        g_object_set_data_full(G_OBJECT(button), "files", g_strdupv(files), (GDestroyNotify)g_strfreev);
        g_signal_connect(button, "clicked", G_CALLBACK(on_keep), list);
        gtk_box_append(GTK_BOX(buttons), button);
    }
    gtk_widget_set_valign(buttons, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(box), buttons);
}

static void add_finding(PstFindingList *list, const PstDataFinding *finding, gboolean acted)
{
    GtkWidget *box = add_row(list, finding->unreadable ? "dialog-warning-symbolic" : "dialog-information-symbolic",
                             finding->text);

    if (acted && finding->framed) {
        offer_crop(list, box);
    }
    if (acted && finding->groups) {
        offer_split(list, box, finding->groups);
    }
}

void pst_finding_list_set_report(PstFindingList *list, const GPtrArray *report, gboolean acted)
{
    clear(list);
    for (guint i = 0; report && i < report->len; i++) {
        add_finding(list, report->pdata[i], acted);
    }
    if (report && report->len == 0) {
        add_row(list, "object-select-symbolic", _("The pictures are fine to learn from."));
    }
    gtk_widget_set_visible(GTK_WIDGET(list), report != NULL);
}

void pst_finding_list_set_note(PstFindingList *list, const char *note)
{
    clear(list);
    add_row(list, "content-loading-symbolic", note);
}

gboolean pst_finding_list_crop(PstFindingList *list)
{
    return list->crop && gtk_check_button_get_active(GTK_CHECK_BUTTON(list->crop));
}

static void pst_finding_list_dispose(GObject *object)
{
    g_clear_pointer(&PST_FINDING_LIST(object)->list, gtk_widget_unparent);
    G_OBJECT_CLASS(pst_finding_list_parent_class)->dispose(object);
}

static void pst_finding_list_class_init(PstFindingListClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = pst_finding_list_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
    keep_signal = g_signal_new("keep", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_STRV);
}

static void pst_finding_list_init(PstFindingList *list)
{
    list->list = gtk_list_box_new();
    gtk_list_box_set_selection_mode(GTK_LIST_BOX(list->list), GTK_SELECTION_NONE);
    gtk_widget_add_css_class(list->list, "boxed-list");
    gtk_accessible_update_property(GTK_ACCESSIBLE(list->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("What was found in the pictures"), -1);
    gtk_widget_set_parent(list->list, GTK_WIDGET(list));
    gtk_widget_hide(GTK_WIDGET(list));
}
