#include "region_panel.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "field.h"

#define BRUSH   0.06 /* radius at first, in units of the picture's longer side */
#define CLOSEST 0.1  /* of the radius: points of a stroke nearer to each other than this are left out */

struct _PstRegionPanel {
    GtkWidget parent_instance;
    GtkWidget *scroller, *list, *add, *hint, *tools, *paint, *erase, *size, *size_value, *feather, *feather_value,
        *invert, *clear;
    PstDocument *document;
    PstCanvas *canvas;
    gboolean active, updating;
    guint stroke; /* number of the stroke, so that each is a step of undo */
    double last_x, last_y;
};

G_DEFINE_FINAL_TYPE(PstRegionPanel, pst_region_panel, GTK_TYPE_WIDGET)

static const PstLookRegion *current_region(PstRegionPanel *panel)
{
    return &pst_document_look(panel->document)->regions[pst_document_region(panel->document)];
}

/* A look like the one there is, with a mask of the current region that may be changed. */
static PstLook *edit(PstRegionPanel *panel, PstMask **mask)
{
    PstLook *look = pst_look_copy(pst_document_look(panel->document));
    PstLookRegion *region = &look->regions[pst_document_region(panel->document)];
    PstMask *old = region->mask;

    region->mask = old ? pst_mask_copy(old) : pst_mask_new();
    pst_mask_unref(old);
    *mask = region->mask;
    return look;
}

static void on_remove(GtkButton *button, PstRegionPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));
    int index = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "region"));

    if (look->count > 1) {
        pst_look_remove_region(look, index);
        pst_document_set_look(panel->document, look, NULL);
    }
}

static GtkWidget *make_row(PstRegionPanel *panel, const PstLook *look, int index)
{
    const PstLookRegion *region = &look->regions[index];
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autoptr(GString) styles = g_string_new(NULL);
    g_autofree char *title = region->mask ? g_strdup_printf(_("Region %d"), index + 1) : g_strdup(_("Whole picture"));
    GtkWidget *name = gtk_label_new(title), *credit, *list_row;

    for (int i = 0; i < region->count; i++) {
        g_string_append_printf(styles, "%s%s", i ? " + " : "", region->styles[i].style->name);
    }
    credit = gtk_label_new(region->count ? styles->str : _("No style yet: pick one under Styles"));
    gtk_label_set_xalign(GTK_LABEL(name), 0);
    gtk_label_set_xalign(GTK_LABEL(credit), 0);
    gtk_label_set_ellipsize(GTK_LABEL(credit), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class(credit, "dim-label");
    gtk_widget_add_css_class(credit, "caption");
    gtk_box_append(GTK_BOX(texts), name);
    gtk_box_append(GTK_BOX(texts), credit);
    gtk_widget_set_hexpand(texts, TRUE);
    gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(row), texts);
    gtk_widget_add_css_class(row, "region");
    if (look->count > 1) {
        GtkWidget *remove = gtk_button_new_from_icon_name("user-trash-symbolic");

        gtk_widget_add_css_class(remove, "flat");
        gtk_widget_set_valign(remove, GTK_ALIGN_CENTER);
        gtk_widget_set_tooltip_text(remove, _("Remove this region"));
        g_object_set_data(G_OBJECT(remove), "region", GINT_TO_POINTER(index));
        g_signal_connect(remove, "clicked", G_CALLBACK(on_remove), panel);
        gtk_box_append(GTK_BOX(row), remove);
    }
    pst_accessible_name_buttons(row);
    list_row = gtk_list_box_row_new();
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(list_row), row);
    pst_accessible_name_row(row, title, gtk_label_get_text(GTK_LABEL(credit)));
    return list_row;
}

static void fill_list(PstRegionPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    GtkListBox *list = GTK_LIST_BOX(panel->list);
    GtkListBoxRow *row;

    while ((row = gtk_list_box_get_row_at_index(list, 0))) {
        gtk_list_box_remove(list, GTK_WIDGET(row));
    }
    for (int i = 0; i < look->count; i++) {
        gtk_list_box_append(list, make_row(panel, look, i));
    }
    gtk_list_box_select_row(list, gtk_list_box_get_row_at_index(list, pst_document_region(panel->document)));
}

static void show_brush(PstRegionPanel *panel)
{
    const PstLookRegion *region = current_region(panel);
    gboolean brush = panel->active && pst_document_photo(panel->document) &&
                     (region->mask || pst_document_look(panel->document)->count == 1);

    pst_canvas_set_brush(panel->canvas, brush ? gtk_range_get_value(GTK_RANGE(panel->size)) : 0);
    pst_canvas_set_mask(panel->canvas, panel->active ? region->mask : NULL);
}

static void show_percent(GtkWidget *field, double value)
{
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * value);

    pst_field_set_value(PST_FIELD(field), text);
}

static const char *choose_hint(PstRegionPanel *panel)
{
    const PstLookRegion *region = current_region(panel);
    gboolean alone = pst_document_look(panel->document)->count == 1;

    if (!pst_document_photo(panel->document)) {
        return _("Open a photo first.");
    }
    if (!region->mask) {
        return alone
                   ? _("The style covers the whole picture. Brush over the picture to paint only a part of it, or add "
                       "a region with another style.")
                   : _("This style covers the whole picture, beneath the other regions.");
    }
    if (region->mask->strokes->len == 0 && !region->mask->invert) {
        return _("Brush over the picture where this style is to apply.");
    }
    return NULL;
}

static void update(PstRegionPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    const PstLookRegion *region = current_region(panel);
    const char *hint = choose_hint(panel);
    gboolean tools = pst_document_photo(panel->document) && (region->mask || look->count == 1);

    panel->updating = TRUE;
    fill_list(panel);
    gtk_label_set_text(GTK_LABEL(panel->hint), hint ? hint : "");
    gtk_widget_set_visible(panel->hint, hint != NULL);
    gtk_widget_set_visible(panel->tools, tools);
    gtk_widget_set_sensitive(panel->add, look->count < PST_LOOK_REGIONS);
    gtk_range_set_value(GTK_RANGE(panel->feather), region->mask ? region->mask->feather : 0.5);
    gtk_switch_set_active(GTK_SWITCH(panel->invert), region->mask && region->mask->invert);
    gtk_widget_set_sensitive(panel->clear, region->mask != NULL);
    show_percent(panel->feather_value, gtk_range_get_value(GTK_RANGE(panel->feather)));
    show_percent(panel->size_value, gtk_range_get_value(GTK_RANGE(panel->size)));
    show_brush(panel);
    panel->updating = FALSE;
}

static void on_selected(GtkListBox *list, GtkListBoxRow *row, PstRegionPanel *panel)
{
    if (row && !panel->updating) {
        pst_document_set_region(panel->document, gtk_list_box_row_get_index(row));
    }
}

static void on_add(PstRegionPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));
    int index = pst_look_add_region(look);

    if (index >= 0) {
        pst_document_set_look(panel->document, look, NULL);
        pst_document_set_region(panel->document, index);
    }
}

static void on_size(PstRegionPanel *panel)
{
    show_percent(panel->size_value, gtk_range_get_value(GTK_RANGE(panel->size)));
    show_brush(panel);
}

static void on_feather(PstRegionPanel *panel)
{
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (!panel->updating) {
        look = edit(panel, &mask);
        mask->feather = gtk_range_get_value(GTK_RANGE(panel->feather));
        pst_document_set_look(panel->document, look, "feather");
    }
}

static void on_invert(PstRegionPanel *panel)
{
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (!panel->updating) {
        look = edit(panel, &mask);
        mask->invert = gtk_switch_get_active(GTK_SWITCH(panel->invert));
        pst_document_set_look(panel->document, look, NULL);
    }
}

/* The only region is everywhere again; of several, this one is nowhere until it is painted. */
static void on_clear(PstRegionPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));
    PstLookRegion *region = &look->regions[pst_document_region(panel->document)];

    g_clear_pointer(&region->mask, pst_mask_unref);
    if (look->count > 1) {
        region->mask = pst_mask_new();
    }
    pst_document_set_look(panel->document, look, NULL);
}

static void commit(PstRegionPanel *panel, PstLook *look)
{
    g_autofree char *key = g_strdup_printf("stroke-%u", panel->stroke);

    pst_document_set_look(panel->document, look, key);
}

static void on_stroke_begin(PstCanvas *canvas, double x, double y, PstRegionPanel *panel)
{
    PstMask *mask;
    g_autoptr(PstLook) look = edit(panel, &mask);

    panel->stroke++;
    panel->last_x = x;
    panel->last_y = y;
    pst_mask_begin(mask, gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel->erase)),
                   gtk_range_get_value(GTK_RANGE(panel->size)), (PstMaskPoint){ (float)x, (float)y });
    commit(panel, look);
}

static void on_stroke_move(PstCanvas *canvas, double x, double y, PstRegionPanel *panel)
{
    double least = CLOSEST * gtk_range_get_value(GTK_RANGE(panel->size));
    double dx = x - panel->last_x, dy = y - panel->last_y;
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (dx * dx + dy * dy < least * least) {
        return;
    }
    panel->last_x = x;
    panel->last_y = y;
    look = edit(panel, &mask);
    pst_mask_extend(mask, (PstMaskPoint){ (float)x, (float)y });
    commit(panel, look);
}

static void on_stroke_end(PstCanvas *canvas, PstRegionPanel *panel)
{
    pst_document_settle(panel->document);
}

void pst_region_panel_set_document(PstRegionPanel *panel, PstDocument *document, PstCanvas *canvas)
{
    panel->document = document;
    panel->canvas = canvas;
    g_signal_connect_object(document, "look-changed", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::region", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::photo-name", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(canvas, "stroke-begin", G_CALLBACK(on_stroke_begin), panel, 0);
    g_signal_connect_object(canvas, "stroke-move", G_CALLBACK(on_stroke_move), panel, 0);
    g_signal_connect_object(canvas, "stroke-end", G_CALLBACK(on_stroke_end), panel, 0);
    update(panel);
}

void pst_region_panel_set_active(PstRegionPanel *panel, gboolean active)
{
    panel->active = active;
    show_brush(panel);
}

void pst_region_panel_scale_brush(PstRegionPanel *panel, double factor)
{
    gtk_range_set_value(GTK_RANGE(panel->size), gtk_range_get_value(GTK_RANGE(panel->size)) * factor);
}

static void pst_region_panel_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_REGION_PANEL);
    G_OBJECT_CLASS(pst_region_panel_parent_class)->dispose(object);
}

static void pst_region_panel_class_init(PstRegionPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    G_OBJECT_CLASS(klass)->dispose = pst_region_panel_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/region_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, list);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, add);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, hint);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, tools);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, paint);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, erase);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, size);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, size_value);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, feather);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, feather_value);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, invert);
    gtk_widget_class_bind_template_child(widget_class, PstRegionPanel, clear);
}

static void pst_region_panel_init(PstRegionPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    gtk_range_set_value(GTK_RANGE(panel->size), BRUSH);
    g_signal_connect(panel->list, "row-selected", G_CALLBACK(on_selected), panel);
    g_signal_connect_swapped(panel->add, "clicked", G_CALLBACK(on_add), panel);
    g_signal_connect_swapped(panel->size, "value-changed", G_CALLBACK(on_size), panel);
    g_signal_connect_swapped(panel->feather, "value-changed", G_CALLBACK(on_feather), panel);
    g_signal_connect_swapped(panel->invert, "notify::active", G_CALLBACK(on_invert), panel);
    g_signal_connect_swapped(panel->clear, "clicked", G_CALLBACK(on_clear), panel);
}
