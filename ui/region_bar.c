#include "region_bar.h"

#include <glib/gi18n.h>

#include "accessible.h"
#include "field.h"

#define BRUSH   0.06  /* radius at first, in units of the picture's longer side */
#define POINT   0.004 /* the same of a tool that is no brush */
#define CLOSEST 0.1   /* of the radius: points of the brush nearer to each other than this are left out */

struct _PstRegionBar {
    GtkWidget parent_instance;
    GtkWidget *box, *chooser, *chooser_label, *list, *add, *hint, *tools, *paint, *erase, *lasso, *gradient, *size,
        *feather, *feather_value, *invert, *clear, *overlay;
    PstDocument *document;
    PstCanvas *canvas;
    gboolean active, updating;
    guint drawn; /* how often a tool was put down, so that each time is a step of undo */
    double last_x, last_y;
};

G_DEFINE_FINAL_TYPE(PstRegionBar, pst_region_bar, GTK_TYPE_WIDGET)

static const PstLookRegion *current_region(PstRegionBar *bar)
{
    return &pst_document_look(bar->document)->regions[pst_document_region(bar->document)];
}

/* A look like the one there is, with a mask of the current region that may be changed. */
static PstLook *edit(PstRegionBar *bar, PstMask **mask)
{
    PstLook *look = pst_look_copy(pst_document_look(bar->document));
    PstLookRegion *region = &look->regions[pst_document_region(bar->document)];
    PstMask *old = region->mask;

    region->mask = old ? pst_mask_copy(old) : pst_mask_new();
    pst_mask_unref(old);
    *mask = region->mask;
    return look;
}

static void on_remove(GtkButton *button, PstRegionBar *bar)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(bar->document));
    int index = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "region"));

    if (look->count > 1) {
        pst_look_remove_region(look, index);
        pst_document_set_look(bar->document, look, NULL);
    }
}

static GtkWidget *make_row(PstRegionBar *bar, const PstLook *look, int index)
{
    const PstLookRegion *region = &look->regions[index];
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autoptr(GString) styles = g_string_new(NULL);
    g_autofree char *title = region->mask ? g_strdup_printf(_("Region %d"), index + 1) : g_strdup(_("Whole picture"));
    GtkWidget *name = gtk_label_new(title), *credit, *list_row;

    for (int i = 0; i < region->count; i++) {
        g_string_append_printf(styles, "%s%s", i ? " + " : "", region->styles[i].style->name);
    }
    if (region->own && look->count > 1) {
        g_string_append_printf(styles, " · %s", _("settings of its own"));
    }
    credit = gtk_label_new(region->count ? styles->str : _("No style yet: pick one at the right"));
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
        g_signal_connect(remove, "clicked", G_CALLBACK(on_remove), bar);
        gtk_box_append(GTK_BOX(row), remove);
    }
    pst_accessible_name_buttons(row);
    list_row = gtk_list_box_row_new();
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(list_row), row);
    pst_accessible_name_row(row, title, gtk_label_get_text(GTK_LABEL(credit)));
    return list_row;
}

static void fill_list(PstRegionBar *bar)
{
    const PstLook *look = pst_document_look(bar->document);
    GtkListBox *list = GTK_LIST_BOX(bar->list);
    GtkListBoxRow *row;

    while ((row = gtk_list_box_get_row_at_index(list, 0))) {
        gtk_list_box_remove(list, GTK_WIDGET(row));
    }
    for (int i = 0; i < look->count; i++) {
        gtk_list_box_append(list, make_row(bar, look, i));
    }
    gtk_list_box_select_row(list, gtk_list_box_get_row_at_index(list, pst_document_region(bar->document)));
}

/* A title for the region of the moment, on the button that chooses it. */
static void show_chooser(PstRegionBar *bar)
{
    int index = pst_document_region(bar->document);
    g_autofree char *title = current_region(bar)->mask ? g_strdup_printf(_("Region %d"), index + 1)
                                                       : g_strdup(_("Whole picture"));

    gtk_label_set_text(GTK_LABEL(bar->chooser_label), title);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar->chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static gboolean is_active(GtkWidget *toggle)
{
    return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(toggle));
}

/* What the tool in the hand draws. */
static PstMaskShape shape_of(PstRegionBar *bar)
{
    return is_active(bar->lasso) ? PST_MASK_LASSO : is_active(bar->gradient) ? PST_MASK_GRADIENT : PST_MASK_BRUSH;
}

/* Only a brush has a size; the others are drawn with a point. */
static void show_brush(PstRegionBar *bar)
{
    const PstLookRegion *region = current_region(bar);
    gboolean drawing = bar->active && pst_document_photo(bar->document) &&
                       (region->mask || pst_document_look(bar->document)->count == 1);
    double radius = shape_of(bar) == PST_MASK_BRUSH ? gtk_range_get_value(GTK_RANGE(bar->size)) : POINT;

    pst_canvas_set_brush(bar->canvas, drawing ? radius : 0);
    pst_canvas_set_mask(bar->canvas, bar->active && is_active(bar->overlay) ? region->mask : NULL);
    gtk_widget_set_sensitive(bar->size, shape_of(bar) == PST_MASK_BRUSH);
}

static void show_percent(GtkWidget *field, double value)
{
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * value);

    pst_field_set_value(PST_FIELD(field), text);
}

static const char *choose_hint(PstRegionBar *bar)
{
    const PstLookRegion *region = current_region(bar);
    gboolean alone = pst_document_look(bar->document)->count == 1;

    if (!pst_document_photo(bar->document)) {
        return _("Open a photo first.");
    }
    if (!region->mask) {
        return alone ? _("Paint where the style is to stay, or add a region for another one.")
                     : _("This style covers the whole picture, beneath the other regions.");
    }
    if (region->mask->strokes->len == 0 && !region->mask->invert) {
        return region->count ? _("Paint over the picture where this style is to apply.")
                             : _("Pick a style for this region, and paint where it is to apply.");
    }
    return NULL;
}

static void update(PstRegionBar *bar)
{
    const PstLook *look = pst_document_look(bar->document);
    const PstLookRegion *region = current_region(bar);
    const char *hint = choose_hint(bar);
    gboolean tools = pst_document_photo(bar->document) && (region->mask || look->count == 1);

    bar->updating = TRUE;
    fill_list(bar);
    gtk_label_set_text(GTK_LABEL(bar->hint), hint ? hint : "");
    gtk_widget_set_visible(bar->hint, hint != NULL);
    gtk_widget_set_visible(bar->tools, tools);
    gtk_widget_set_sensitive(bar->add, look->count < PST_LOOK_REGIONS);
    gtk_range_set_value(GTK_RANGE(bar->feather), region->mask ? region->mask->feather : 0.5);
    gtk_switch_set_active(GTK_SWITCH(bar->invert), region->mask && region->mask->invert);
    gtk_widget_set_sensitive(bar->clear, region->mask != NULL);
    show_percent(bar->feather_value, gtk_range_get_value(GTK_RANGE(bar->feather)));
    show_chooser(bar);
    show_brush(bar);
    bar->updating = FALSE;
}

static void on_selected(GtkListBox *list, GtkListBoxRow *row, PstRegionBar *bar)
{
    if (row && !bar->updating) {
        pst_document_set_region(bar->document, gtk_list_box_row_get_index(row));
    }
}

static void on_add(PstRegionBar *bar)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(bar->document));
    int index = pst_look_add_region(look);

    if (index >= 0) {
        pst_document_set_look(bar->document, look, NULL);
        pst_document_set_region(bar->document, index);
    }
}

static void on_feather(PstRegionBar *bar)
{
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (!bar->updating) {
        look = edit(bar, &mask);
        mask->feather = gtk_range_get_value(GTK_RANGE(bar->feather));
        pst_document_set_look(bar->document, look, "feather");
    }
}

static void on_invert(PstRegionBar *bar)
{
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (!bar->updating) {
        look = edit(bar, &mask);
        mask->invert = gtk_switch_get_active(GTK_SWITCH(bar->invert));
        pst_document_set_look(bar->document, look, NULL);
    }
}

/* The only region is everywhere again; of several, this one is nowhere until it is painted. */
static void on_clear(PstRegionBar *bar)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(bar->document));
    PstLookRegion *region = &look->regions[pst_document_region(bar->document)];

    g_clear_pointer(&region->mask, pst_mask_unref);
    if (look->count > 1) {
        region->mask = pst_mask_new();
    }
    pst_document_set_look(bar->document, look, NULL);
}

static void commit(PstRegionBar *bar, PstLook *look)
{
    g_autofree char *key = g_strdup_printf("brush-%u", bar->drawn);

    pst_document_set_look(bar->document, look, key);
}

static void on_brush_begin(PstCanvas *canvas, double x, double y, PstRegionBar *bar)
{
    PstMask *mask;
    g_autoptr(PstLook) look = edit(bar, &mask);
    PstMaskShape shape = shape_of(bar);

    bar->drawn++;
    bar->last_x = x;
    bar->last_y = y;
    pst_mask_begin(mask, shape, is_active(bar->erase), gtk_range_get_value(GTK_RANGE(bar->size)),
                   (PstMaskPoint){ (float)x, (float)y });
    commit(bar, look);
}

static void on_brush_move(PstCanvas *canvas, double x, double y, PstRegionBar *bar)
{
    gboolean brush = shape_of(bar) == PST_MASK_BRUSH;
    double least = brush ? CLOSEST * gtk_range_get_value(GTK_RANGE(bar->size)) : POINT;
    double dx = x - bar->last_x, dy = y - bar->last_y;
    g_autoptr(PstLook) look = NULL;
    PstMask *mask;

    if (dx * dx + dy * dy < least * least) {
        return;
    }
    bar->last_x = x;
    bar->last_y = y;
    look = edit(bar, &mask);
    pst_mask_extend(mask, (PstMaskPoint){ (float)x, (float)y });
    commit(bar, look);
}

static void on_brush_end(PstCanvas *canvas, PstRegionBar *bar)
{
    pst_document_settle(bar->document);
}

void pst_region_bar_set_document(PstRegionBar *bar, PstDocument *document, PstCanvas *canvas)
{
    bar->document = document;
    bar->canvas = canvas;
    g_signal_connect_object(document, "look-changed", G_CALLBACK(update), bar, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::region", G_CALLBACK(update), bar, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::photo-name", G_CALLBACK(update), bar, G_CONNECT_SWAPPED);
    g_signal_connect_object(canvas, "brush-begin", G_CALLBACK(on_brush_begin), bar, 0);
    g_signal_connect_object(canvas, "brush-move", G_CALLBACK(on_brush_move), bar, 0);
    g_signal_connect_object(canvas, "brush-end", G_CALLBACK(on_brush_end), bar, 0);
    update(bar);
}

void pst_region_bar_set_active(PstRegionBar *bar, gboolean active)
{
    bar->active = active;
    show_brush(bar);
}

void pst_region_bar_scale_brush(PstRegionBar *bar, double factor)
{
    gtk_range_set_value(GTK_RANGE(bar->size), gtk_range_get_value(GTK_RANGE(bar->size)) * factor);
}

static void pst_region_bar_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_REGION_BAR);
    G_OBJECT_CLASS(pst_region_bar_parent_class)->dispose(object);
}

static void pst_region_bar_class_init(PstRegionBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    G_OBJECT_CLASS(klass)->dispose = pst_region_bar_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/region_bar.ui");
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, box);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, chooser);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, chooser_label);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, list);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, add);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, hint);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, tools);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, paint);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, erase);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, lasso);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, gradient);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, size);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, overlay);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, feather);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, feather_value);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, invert);
    gtk_widget_class_bind_template_child(widget_class, PstRegionBar, clear);
}

static void pst_region_bar_init(PstRegionBar *bar)
{
    gtk_widget_init_template(GTK_WIDGET(bar));
    gtk_range_set_value(GTK_RANGE(bar->size), BRUSH);
    g_signal_connect(bar->list, "row-selected", G_CALLBACK(on_selected), bar);
    g_signal_connect_swapped(bar->add, "clicked", G_CALLBACK(on_add), bar);
    pst_accessible_name_buttons(GTK_WIDGET(bar));
    g_signal_connect_swapped(bar->size, "value-changed", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->paint, "toggled", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->erase, "toggled", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->lasso, "toggled", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->gradient, "toggled", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->overlay, "toggled", G_CALLBACK(show_brush), bar);
    g_signal_connect_swapped(bar->feather, "value-changed", G_CALLBACK(on_feather), bar);
    g_signal_connect_swapped(bar->invert, "notify::active", G_CALLBACK(on_invert), bar);
    g_signal_connect_swapped(bar->clear, "clicked", G_CALLBACK(on_clear), bar);
}
