#include "finding_list.h"

#include <glib/gi18n.h>

#include "engine/finetune/data_check.h"

struct _PstFindingList {
    GtkWidget parent_instance;
    GtkWidget *list;
    GtkWidget *crop; /* or NULL: no picture has a frame */
    guint count;
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
    list->count = 0;
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

static void offer_split(PstFindingList *list, GtkWidget *box, const json_t *groups)
{
    GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    const json_t *group, *name;
    size_t i, k;

    json_array_foreach(groups, i, group) {
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        g_autofree char *text = g_strdup_printf(ngettext("Only This %d", "Only These %d", (gulong)json_array_size(group)),
                                                (int)json_array_size(group));
        g_autofree char *tip = NULL;
        GtkWidget *button = gtk_button_new_with_label(text);
        GStrv files;

        json_array_foreach(group, k, name) {
            g_strv_builder_add(builder, json_string_value(name));
        }
        files = g_strv_builder_end(builder);
        tip = g_strjoinv("\n", files);
        gtk_widget_set_tooltip_text(button, tip);
        g_object_set_data_full(G_OBJECT(button), "files", files, (GDestroyNotify)g_strfreev);
        g_signal_connect(button, "clicked", G_CALLBACK(on_keep), list);
        gtk_box_append(GTK_BOX(buttons), button);
    }
    gtk_widget_set_valign(buttons, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(box), buttons);
}

/* Sentences begin with a capital where no file's name begins them. */
static char *as_sentence(const char *text, gboolean of_file)
{
    g_autofree char *first = of_file ? NULL : g_utf8_substring(text, 0, 1);
    g_autofree char *upper = first ? g_utf8_strup(first, -1) : NULL;

    return first ? g_strconcat(upper, g_utf8_next_char(text), NULL) : g_strdup(text);
}

static void add_finding(PstFindingList *list, const json_t *finding, const json_t *pictures, gboolean acted)
{
    PstFindingKind kind = pst_finding_kind(finding);
    g_autofree char *text = pst_finding_text(finding, pictures, TRUE);
    g_autofree char *sentence = text ? as_sentence(text, kind < PST_FINDING_STYLES) : NULL;
    GtkWidget *box;

    if (!sentence) {
        return;
    }
    box = add_row(list, kind == PST_FINDING_UNREADABLE ? "dialog-warning-symbolic" : "dialog-information-symbolic",
                  sentence);
    list->count++;
    if (acted && kind == PST_FINDING_FRAME) {
        offer_crop(list, box);
    }
    if (acted && kind == PST_FINDING_STYLES) {
        offer_split(list, box, json_object_get(finding, "groups"));
    }
}

void pst_finding_list_set_report(PstFindingList *list, const char *report, gboolean acted)
{
    json_t *parsed = report ? json_loads(report, 0, NULL) : NULL;
    const json_t *findings = json_object_get(parsed, "findings"), *finding;
    size_t i;

    clear(list);
    json_array_foreach(findings, i, finding) {
        add_finding(list, finding, json_object_get(parsed, "pictures"), acted);
    }
    if (parsed && list->count == 0) {
        add_row(list, "object-select-symbolic", _("The pictures are fine to learn from."));
    }
    gtk_widget_set_visible(GTK_WIDGET(list), parsed != NULL);
    json_decref(parsed);
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

guint pst_finding_list_count(PstFindingList *list)
{
    return list->count;
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
    gtk_list_box_set_show_separators(GTK_LIST_BOX(list->list), TRUE);
    gtk_widget_add_css_class(list->list, "card");
    gtk_accessible_update_property(GTK_ACCESSIBLE(list->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("What was found in the pictures"), -1);
    gtk_widget_set_parent(list->list, GTK_WIDGET(list));
    gtk_widget_hide(GTK_WIDGET(list));
}
