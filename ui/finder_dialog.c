#include "finder_dialog.h"

#include <glib/gi18n.h>

#include "file_chooser.h"
#include "map_view.h"

struct _PstFinderDialog {
    GtkWindow parent_instance;
    GtkWidget *words, *chips, *answers, *map, *variations, *way, *note, *keep, *stack, *artworks;
    PstStyleFinder *finder;
};

G_DEFINE_FINAL_TYPE(PstFinderDialog, pst_finder_dialog, GTK_TYPE_WINDOW)

static guint keep_signal;

/* ---- words ---------------------------------------------------------------------------------- */

static void on_remove_word(GtkButton *button, PstFinderDialog *dialog)
{
    pst_style_finder_remove_word(dialog->finder, GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "index")));
}

/* A word that was understood, as a button that takes it out. */
static GtkWidget *chip_new(PstFinderDialog *dialog, const char *text, int index)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    g_autofree char *tip = g_strdup_printf(_("Leave out “%s”"), text);

    gtk_box_append(GTK_BOX(box), gtk_label_new(text));
    gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("window-close-symbolic"));
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_widget_set_tooltip_text(button, tip);
    gtk_widget_add_css_class(button, "chip");
    g_object_set_data(G_OBJECT(button), "index", GINT_TO_POINTER(index));
    g_signal_connect(button, "clicked", G_CALLBACK(on_remove_word), dialog);
    return button;
}

/* One that was not. */
static GtkWidget *unknown_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();

    pango_attr_list_insert(attributes, pango_attr_strikethrough_new(TRUE));
    gtk_label_set_attributes(GTK_LABEL(label), attributes);
    gtk_widget_set_tooltip_text(label, _("Not understood"));
    gtk_widget_add_css_class(label, "dim-label");
    return label;
}

static void show_words(PstFinderDialog *dialog)
{
    GtkWidget *child;
    const char *word;
    gboolean understood, any = FALSE;

    while ((child = gtk_widget_get_first_child(dialog->chips)))
        gtk_flow_box_remove(GTK_FLOW_BOX(dialog->chips), child);
    for (int i = 0; (word = pst_style_finder_word(dialog->finder, i, &understood)); i++) {
        gtk_flow_box_append(GTK_FLOW_BOX(dialog->chips), understood ? chip_new(dialog, word, i) : unknown_new(word));
        any |= understood;
    }
    gtk_widget_set_visible(dialog->chips, gtk_widget_get_first_child(dialog->chips) != NULL);
    gtk_widget_set_visible(dialog->answers,
                           any && pst_style_pictures_style(pst_style_finder_answers(dialog->finder), 0));
}

/* ---- artworks ------------------------------------------------------------------------------- */

static GtkWidget *artwork_new(const char *title, const char *facts)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *first = gtk_label_new(title),
              *second = gtk_label_new(facts);

    gtk_label_set_xalign(GTK_LABEL(first), 0);
    gtk_label_set_xalign(GTK_LABEL(second), 0);
    gtk_label_set_ellipsize(GTK_LABEL(first), PANGO_ELLIPSIZE_END);
    gtk_label_set_ellipsize(GTK_LABEL(second), PANGO_ELLIPSIZE_END);
    gtk_widget_set_tooltip_text(box, facts);
    gtk_widget_add_css_class(second, "dim-label");
    gtk_widget_add_css_class(second, "caption");
    gtk_widget_set_margin_top(box, 6);
    gtk_widget_set_margin_bottom(box, 6);
    gtk_widget_set_margin_start(box, 12);
    gtk_widget_set_margin_end(box, 12);
    gtk_box_append(GTK_BOX(box), first);
    gtk_box_append(GTK_BOX(box), second);
    return box;
}

static void show_artworks(PstFinderDialog *dialog)
{
    GtkWidget *child;
    char *title, *facts;

    while ((child = gtk_widget_get_first_child(dialog->artworks)) && GTK_IS_LIST_BOX_ROW(child))
        gtk_list_box_remove(GTK_LIST_BOX(dialog->artworks), child);
    for (int i = 0; pst_style_finder_artwork(dialog->finder, i, &title, &facts); i++) {
        gtk_list_box_append(GTK_LIST_BOX(dialog->artworks), artwork_new(title, facts));
        g_free(title);
        g_free(facts);
    }
}

static void on_artwork(GtkListBox *list, GtkListBoxRow *row, PstFinderDialog *dialog)
{
    pst_style_finder_pick(dialog->finder, gtk_list_box_row_get_index(row));
}

/* ---- asking --------------------------------------------------------------------------------- */

static void ask(PstFinderDialog *dialog)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(dialog->words));

    if (*text && pst_style_finder_is_ready(dialog->finder)) {
        pst_style_finder_ask(dialog->finder, text);
        show_artworks(dialog);
    }
}

void pst_finder_dialog_ask(PstFinderDialog *dialog, const char *text)
{
    gtk_editable_set_text(GTK_EDITABLE(dialog->words), text);
    gtk_stack_set_visible_child_name(GTK_STACK(dialog->stack), "artworks");
    ask(dialog);
}

/* ---- chance, variations, the way ------------------------------------------------------------ */

static void on_surprise(GtkButton *button, PstFinderDialog *dialog)
{
    pst_style_finder_surprise(dialog->finder);
}

static int index_of(GtkWidget *button)
{
    return GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "index"));
}

static void on_choose(GtkWidget *button, PstFinderDialog *dialog)
{
    pst_style_finder_choose(dialog->finder, index_of(button));
}

static void on_answer(GtkWidget *button, PstFinderDialog *dialog)
{
    pst_style_finder_take_answer(dialog->finder, index_of(button));
}

static void on_painted(PstStylePictures *pictures, int index, GtkGrid *grid)
{
    int columns = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(grid), "columns"));
    GtkWidget *button = gtk_grid_get_child_at(grid, index % columns, index / columns);

    gtk_picture_set_paintable(GTK_PICTURE(gtk_button_get_child(GTK_BUTTON(button))),
                              GDK_PAINTABLE(pst_style_pictures_texture(pictures, index)));
}

/* A button with a picture for each style. */
static void add_pictures(PstFinderDialog *dialog, GtkWidget *grid, PstStylePictures *pictures, int columns, int size,
                         const char *format, void (*clicked)(GtkWidget *, PstFinderDialog *))
{
    g_object_set_data(G_OBJECT(grid), "columns", GINT_TO_POINTER(columns));
    for (int i = 0; i < pst_style_pictures_count(pictures); i++) {
        GtkWidget *button = gtk_button_new(), *picture = gtk_picture_new();
        g_autofree char *name = g_strdup_printf(format, i + 1);

        gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
        gtk_widget_set_size_request(picture, size, size);
        gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
        gtk_button_set_child(GTK_BUTTON(button), picture);
        gtk_widget_add_css_class(button, "variant");
        gtk_widget_set_tooltip_text(button, name);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
        g_object_set_data(G_OBJECT(button), "index", GINT_TO_POINTER(i));
        g_signal_connect(button, "clicked", G_CALLBACK(clicked), dialog);
        gtk_grid_attach(GTK_GRID(grid), button, i % columns, i / columns, 1, 1);
    }
    g_signal_connect_object(pictures, "painted", G_CALLBACK(on_painted), grid, 0);
}

static void on_page(PstFinderDialog *dialog)
{
    if (g_strcmp0(gtk_stack_get_visible_child_name(GTK_STACK(dialog->stack)), "like") == 0)
        pst_style_finder_vary(dialog->finder);
}

static void on_way(GtkRange *range, PstFinderDialog *dialog)
{
    pst_style_finder_walk(dialog->finder, gtk_range_get_value(range));
}

/* ---- sounds --------------------------------------------------------------------------------- */

static void on_sound_chosen(gpointer widget, GFile *file)
{
    pst_style_finder_listen(PST_FINDER_DIALOG(widget)->finder, g_file_peek_path(file));
}

static void on_sound(GtkButton *button, PstFinderDialog *dialog)
{
    static const char *const types[] = { "audio/*", NULL };
    GtkFileChooser *chooser = pst_file_chooser_new(dialog, GTK_FILE_CHOOSER_ACTION_OPEN, _("Style from a Sound"), NULL,
                                                   on_sound_chosen);

    pst_file_chooser_filter(chooser, _("Sounds"), types);
    pst_file_chooser_show(chooser);
}

/* ---- the dialog ----------------------------------------------------------------------------- */

static void on_keep(GtkButton *button, PstFinderDialog *dialog)
{
    g_signal_emit(dialog, keep_signal, 0, pst_style_finder_style(dialog->finder));
}

static void on_changed(PstFinderDialog *dialog)
{
    gboolean any = pst_style_finder_style(dialog->finder) != NULL;

    show_words(dialog);
    gtk_label_set_text(GTK_LABEL(dialog->note), pst_style_finder_note(dialog->finder));
    gtk_widget_set_sensitive(dialog->keep, any);
    gtk_widget_set_sensitive(dialog->way, any);
}

GtkWidget *pst_finder_dialog_new(GtkWindow *parent, PstEngineService *service, PstDocument *document)
{
    PstFinderDialog *dialog = g_object_new(PST_TYPE_FINDER_DIALOG, "transient-for", parent, NULL);

    dialog->finder = pst_style_finder_new(service, document);
    g_signal_connect_object(dialog->finder, "changed", G_CALLBACK(on_changed), dialog, G_CONNECT_SWAPPED);
    g_signal_connect_object(dialog->finder, "notify::ready", G_CALLBACK(ask), dialog, G_CONNECT_SWAPPED);
    add_pictures(dialog, dialog->variations, pst_style_finder_variations(dialog->finder), 3, 124, _("Variation %d"),
                 on_choose);
    add_pictures(dialog, dialog->answers, pst_style_finder_answers(dialog->finder), 4, 92, _("Another answer, %d"),
                 on_answer);
    pst_map_view_set_finder(PST_MAP_VIEW(dialog->map), dialog->finder);
    on_changed(dialog);
    return GTK_WIDGET(dialog);
}

static void pst_finder_dialog_dispose(GObject *object)
{
    g_clear_object(&PST_FINDER_DIALOG(object)->finder);
    G_OBJECT_CLASS(pst_finder_dialog_parent_class)->dispose(object);
}

static void pst_finder_dialog_init(PstFinderDialog *dialog)
{
    g_type_ensure(PST_TYPE_MAP_VIEW);
    gtk_widget_init_template(GTK_WIDGET(dialog));
    g_signal_connect_swapped(dialog->stack, "notify::visible-child", G_CALLBACK(on_page), dialog);
}

static void pst_finder_dialog_class_init(PstFinderDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_finder_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/finder_dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, words);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, chips);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, answers);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, map);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, variations);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, way);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, note);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, keep);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, stack);
    gtk_widget_class_bind_template_child(widget_class, PstFinderDialog, artworks);
    gtk_widget_class_bind_template_callback(widget_class, on_artwork);
    gtk_widget_class_bind_template_callback(widget_class, ask);
    gtk_widget_class_bind_template_callback(widget_class, on_surprise);
    gtk_widget_class_bind_template_callback(widget_class, on_sound);
    gtk_widget_class_bind_template_callback(widget_class, on_way);
    gtk_widget_class_bind_template_callback(widget_class, on_keep);
    keep_signal = g_signal_new("keep", PST_TYPE_FINDER_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_POINTER);
}
