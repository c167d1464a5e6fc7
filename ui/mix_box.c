#include "mix_box.h"

#include <glib/gi18n.h>
#include "app/desktop/style_group.h"

#define LEAST_SHARE 0.02 /* of a style; 0 would be no part of the mix */

typedef struct {
    GtkWidget *name, *scale, *percent;
} Row;

struct _PstMixBox {
    GtkWidget parent_instance;
    GtkWidget *revealer, *grid;
    GArray *rows; /* of Row: as many as a mix ever had */
    PstDocument *document;
    gboolean updating;
};

G_DEFINE_FINAL_TYPE(PstMixBox, pst_mix_box, GTK_TYPE_WIDGET)

static const PstLookRegion *current_region(PstMixBox *box)
{
    return &pst_document_look(box->document)->regions[pst_document_region(box->document)];
}

/* Gives one style that share of the region; the others keep their proportions. */
static void set_share(PstLookRegion *region, int index, double share)
{
    double others = 0;

    for (int i = 0; i < region->count; i++) {
        others += i == index ? 0 : region->styles[i].weight;
    }
    for (int i = 0; i < region->count; i++) {
        region->styles[i].weight = i == index ? share : region->styles[i].weight / others * (1 - share);
    }
}

static void on_value(GtkRange *range, PstMixBox *box)
{
    g_autoptr(PstLook) look = NULL;

    if (box->updating) {
        return;
    }
    for (int i = 0; i < current_region(box)->count; i++) {
        if (g_array_index(box->rows, Row, i).scale == GTK_WIDGET(range)) {
            g_autofree char *key = g_strdup_printf("weight-%d", i);

            look = pst_look_copy(pst_document_look(box->document));
            set_share(&look->regions[pst_document_region(box->document)], i, gtk_range_get_value(range));
            pst_document_set_look(box->document, look, key);
        }
    }
}

static void add_row(PstMixBox *box)
{
    int i = (int)box->rows->len;
    Row row = { gtk_label_new(NULL),
                gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, LEAST_SHARE, 1 - LEAST_SHARE, 0.01),
                gtk_label_new(NULL) };

    gtk_label_set_ellipsize(GTK_LABEL(row.name), PANGO_ELLIPSIZE_END);
    gtk_label_set_xalign(GTK_LABEL(row.name), 0);
    gtk_label_set_width_chars(GTK_LABEL(row.name), 11);
    gtk_label_set_max_width_chars(GTK_LABEL(row.name), 11);
    gtk_widget_set_hexpand(row.scale, TRUE);
    gtk_widget_hide(row.scale); /* it has no name yet */
    gtk_label_set_xalign(GTK_LABEL(row.percent), 1);
    gtk_label_set_width_chars(GTK_LABEL(row.percent), 5);
    gtk_widget_add_css_class(row.percent, "numeric");
    gtk_widget_add_css_class(row.percent, "dim-label");
    gtk_grid_attach(GTK_GRID(box->grid), row.name, 0, i, 1, 1);
    gtk_grid_attach(GTK_GRID(box->grid), row.scale, 1, i, 1, 1);
    gtk_grid_attach(GTK_GRID(box->grid), row.percent, 2, i, 1, 1);
    g_signal_connect(row.scale, "value-changed", G_CALLBACK(on_value), box);
    g_array_append_val(box->rows, row);
}

static void show_row(PstMixBox *box, int index, const PstLookRegion *region, double total)
{
    Row *row = &g_array_index(box->rows, Row, index);
    gboolean visible = index < region->count;
    g_autofree char *percent = NULL;

    gtk_widget_set_visible(row->name, visible);
    gtk_widget_set_visible(row->scale, visible);
    gtk_widget_set_visible(row->percent, visible);
    if (visible) {
        const PstLookStyle *style = &region->styles[index];

        percent = g_strdup_printf("%.0f %%", 100 * style->weight / total);
        gtk_label_set_text(GTK_LABEL(row->name), pst_style_text(style->style->name));
        gtk_label_set_text(GTK_LABEL(row->percent), percent);
        gtk_range_set_value(GTK_RANGE(row->scale), style->weight / total);
        gtk_accessible_update_property(GTK_ACCESSIBLE(row->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       pst_style_text(style->style->name), -1);
    }
}

static void update(PstMixBox *box)
{
    const PstLookRegion *region = current_region(box);
    double total = 0;

    box->updating = TRUE;
    for (int i = 0; i < region->count; i++) {
        total += region->styles[i].weight;
    }
    while ((int)box->rows->len < region->count) {
        add_row(box);
    }
    for (int i = 0; i < (int)box->rows->len && region->count > 1; i++) {
        show_row(box, i, region, total);
    }
    gtk_revealer_set_reveal_child(GTK_REVEALER(box->revealer), region->count > 1);
    box->updating = FALSE;
}

void pst_mix_box_set_document(PstMixBox *box, PstDocument *document)
{
    box->document = document;
    g_signal_connect_object(document, "look-changed", G_CALLBACK(update), box, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::region", G_CALLBACK(update), box, G_CONNECT_SWAPPED);
    update(box);
}

static void pst_mix_box_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_MIX_BOX);
    g_clear_pointer(&PST_MIX_BOX(object)->rows, g_array_unref);
    G_OBJECT_CLASS(pst_mix_box_parent_class)->dispose(object);
}

static void pst_mix_box_class_init(PstMixBoxClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_mix_box_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/mix_box.ui");
    gtk_widget_class_bind_template_child(widget_class, PstMixBox, revealer);
    gtk_widget_class_bind_template_child(widget_class, PstMixBox, grid);
}

static void pst_mix_box_init(PstMixBox *box)
{
    gtk_widget_init_template(GTK_WIDGET(box));
    box->rows = g_array_new(FALSE, FALSE, sizeof(Row));
}
