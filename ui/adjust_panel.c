#include "adjust_panel.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/desktop/preferences.h"
#include "field.h"

struct _PstAdjustPanel {
    GtkWidget parent_instance;
    GtkWidget *box, *scope, *of_picture, *of_region, *scope_note, *finish, *instant, *masterpiece, *presets, *subtle,
        *balanced, *bold, *strength, *stroke, *stroke_field, *likeness, *likeness_value, *more, *detail, *keep_colours,
        *reset, *inherit;
    PstDocument *document;
    gboolean updating;
};

G_DEFINE_FINAL_TYPE(PstAdjustPanel, pst_adjust_panel, GTK_TYPE_WIDGET)

/* How much of the style: what the three sliders say at once. */
typedef struct {
    double strength, stroke, likeness;
} Preset;

#define PRESETS 3

static const Preset presets[PRESETS] = { { 0.6, 1, 0.75 }, { 1, 1, 0.5 }, { 1, 2, 0.25 } };

static GtkWidget *button_of(PstAdjustPanel *panel, int preset)
{
    GtkWidget *const buttons[PRESETS] = { panel->subtle, panel->balanced, panel->bold };

    return buttons[preset];
}

static gboolean is_preset(const PstLook *look, const Preset *preset)
{
    return look->strength == preset->strength && look->stroke == preset->stroke && look->likeness == preset->likeness;
}

static char *format_percent(GtkScale *scale, double value, gpointer data)
{
    return g_strdup_printf("%.0f %%", 100 * value);
}

/* Strokes half as large are as far from the usual ones as those twice as large. */
static char *format_times(GtkScale *scale, double value, gpointer data)
{
    return g_strdup_printf("%.1f ×", exp2(value));
}

/* A screen reader says it as it is written beside the slider. */
static void show_stroke(PstAdjustPanel *panel, double stroke)
{
    g_autofree char *text = format_times(NULL, log2(stroke), NULL);

    gtk_range_set_value(GTK_RANGE(panel->stroke), log2(stroke));
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->stroke), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

/* Whether the settings are those of the region that edits go to, and not the picture's. */
static gboolean is_of_region(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);

    return look->count > 1 && look->regions[pst_document_region(panel->document)].mask &&
           gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel->of_region));
}

/* The whole picture is a region too, the lowest, and needs no choice. */
static void show_scope(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    int index = pst_document_region(panel->document);
    gboolean chosen = look->count > 1 && look->regions[index].mask, of_region = is_of_region(panel);
    g_autofree char *title = g_strdup_printf(_("Region %d"), index + 1);

    gtk_button_set_label(GTK_BUTTON(panel->of_region), title);
    gtk_widget_set_visible(panel->scope, chosen);
    gtk_widget_set_visible(panel->scope_note, look->count > 1);
    gtk_label_set_text(GTK_LABEL(panel->scope_note), of_region
                                                         ? _("Finish and stroke size are those of the whole picture.")
                                                         : _("For all regions without settings of their own."));
    gtk_widget_set_visible(panel->finish, !of_region);
    gtk_widget_set_visible(panel->presets, !of_region);
    gtk_widget_set_visible(panel->stroke_field, !of_region);
    gtk_widget_set_visible(panel->reset, !of_region);
    gtk_widget_set_visible(panel->inherit, of_region);
    gtk_widget_set_sensitive(panel->inherit, look->regions[index].own != 0);
}

static void update(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    gboolean refined = look->finish == PST_FINISH_MASTERPIECE;
    PstPaintManner manner = { look->strength, look->detail, look->likeness, look->keep_colours };

    if (is_of_region(panel)) {
        manner = pst_look_region_manner(look, pst_document_region(panel->document));
    }
    panel->updating = TRUE;
    show_scope(panel);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(refined ? panel->masterpiece : panel->instant), TRUE);
    gtk_widget_set_sensitive(panel->likeness_value, refined);
    gtk_range_set_value(GTK_RANGE(panel->likeness), manner.likeness);
    gtk_range_set_value(GTK_RANGE(panel->strength), manner.strength);
    show_stroke(panel, look->stroke);
    gtk_range_set_value(GTK_RANGE(panel->detail), manner.detail);
    gtk_switch_set_active(GTK_SWITCH(panel->keep_colours), manner.keep_colours);
    for (int i = 0; i < PRESETS; i++) {
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button_of(panel, i)), is_preset(look, &presets[i]));
    }
    gtk_widget_set_sensitive(panel->reset, look->strength != 1 || look->stroke != 1 || look->detail != 1 ||
                                               look->keep_colours ||
                                               look->likeness != pst_look_numbers[PST_LOOK_LIKENESS].usual);
    panel->updating = FALSE;
}

static void on_scope(PstAdjustPanel *panel)
{
    if (!panel->updating) {
        update(panel);
    }
}

/* Who chooses a region means it. */
static void on_region(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    gboolean masked = look->regions[pst_document_region(panel->document)].mask != NULL;

    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(masked ? panel->of_region : panel->of_picture), TRUE);
    update(panel);
}

static void set_region(PstAdjustPanel *panel, unsigned own, const PstPaintManner *manner, const char *merge)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));

    pst_look_region_set(&look->regions[pst_document_region(panel->document)], own, manner);
    pst_document_set_look(panel->document, look, merge);
}

static void on_region_value(PstAdjustPanel *panel, GtkWidget *range, double value)
{
    const PstPaintManner manner = { .strength = value, .detail = value, .likeness = value };
    unsigned own = range == panel->strength ? PST_REGION_STRENGTH
                   : range == panel->detail ? PST_REGION_DETAIL
                                            : PST_REGION_LIKENESS;
    g_autofree char *merge = g_strdup_printf("region %d: %u", pst_document_region(panel->document), own);

    set_region(panel, own, &manner, merge);
}

static void on_value(GtkRange *range, PstAdjustPanel *panel)
{
    double value = gtk_range_get_value(range);
    g_autoptr(PstLook) look = NULL;
    const char *key;

    if (panel->updating) {
        return;
    }
    if (is_of_region(panel)) {
        on_region_value(panel, GTK_WIDGET(range), value);
        return;
    }
    look = pst_look_copy(pst_document_look(panel->document));
    if (GTK_WIDGET(range) == panel->strength) {
        look->strength = value;
        key = "strength";
    } else if (GTK_WIDGET(range) == panel->stroke) {
        look->stroke = exp2(value);
        key = "stroke";
    } else if (GTK_WIDGET(range) == panel->likeness) {
        look->likeness = value;
        key = "likeness";
    } else {
        look->detail = value;
        key = "detail";
    }
    pst_document_set_look(panel->document, look, key);
}

static void on_finish(PstAdjustPanel *panel)
{
    g_autoptr(PstLook) look = NULL;

    if (panel->updating) {
        return;
    }
    look = pst_look_copy(pst_document_look(panel->document));
    look->finish = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel->masterpiece)) ? PST_FINISH_MASTERPIECE
                                                                                       : PST_FINISH_INSTANT;
    pst_preferences_set_finish(look->finish);
    pst_document_set_look(panel->document, look, NULL);
}

static void on_preset(GtkButton *button, PstAdjustPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));

    for (int i = 0; i < PRESETS; i++) {
        if (button_of(panel, i) == GTK_WIDGET(button)) {
            look->strength = presets[i].strength;
            look->stroke = presets[i].stroke;
            look->likeness = presets[i].likeness;
        }
    }
    pst_document_set_look(panel->document, look, NULL);
    update(panel); /* the one that was chosen before stays down */
}

static void on_keep_colours(PstAdjustPanel *panel)
{
    g_autoptr(PstLook) look = NULL;
    gboolean keep = gtk_switch_get_active(GTK_SWITCH(panel->keep_colours));

    if (panel->updating) {
        return;
    }
    if (is_of_region(panel)) {
        set_region(panel, PST_REGION_COLOURS, &(PstPaintManner){ .keep_colours = keep }, NULL);
        return;
    }
    look = pst_look_copy(pst_document_look(panel->document));
    look->keep_colours = keep;
    pst_document_set_look(panel->document, look, NULL);
}

static void on_inherit(PstAdjustPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));

    look->regions[pst_document_region(panel->document)].own = 0;
    pst_document_set_look(panel->document, look, NULL);
}

static void on_reset(PstAdjustPanel *panel)
{
    g_autoptr(PstLook) look = pst_look_copy(pst_document_look(panel->document));

    look->strength = pst_look_numbers[PST_LOOK_STRENGTH].usual;
    look->stroke = pst_look_numbers[PST_LOOK_STROKE].usual;
    look->detail = pst_look_numbers[PST_LOOK_DETAIL].usual;
    look->likeness = pst_look_numbers[PST_LOOK_LIKENESS].usual;
    look->keep_colours = FALSE;
    pst_document_set_look(panel->document, look, NULL);
}

void pst_adjust_panel_set_document(PstAdjustPanel *panel, PstDocument *document)
{
    panel->document = document;
    g_signal_connect_object(document, "look-changed", G_CALLBACK(update), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::region", G_CALLBACK(on_region), panel, G_CONNECT_SWAPPED);
    update(panel);
}

static void pst_adjust_panel_dispose(GObject *object)
{
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_ADJUST_PANEL);
    G_OBJECT_CLASS(pst_adjust_panel_parent_class)->dispose(object);
}

static void pst_adjust_panel_class_init(PstAdjustPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    g_type_ensure(PST_TYPE_FIELD);
    G_OBJECT_CLASS(klass)->dispose = pst_adjust_panel_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/adjust_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, box);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, scope);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, of_picture);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, of_region);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, scope_note);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, finish);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, presets);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, stroke_field);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, inherit);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, instant);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, masterpiece);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, subtle);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, balanced);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, bold);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, strength);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, stroke);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, likeness);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, likeness_value);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, more);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, detail);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, keep_colours);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, reset);
}

/* Numbers stand one below the other by their last digits. */
static void align_value(GtkWidget *scale)
{
    for (GtkWidget *child = gtk_widget_get_first_child(scale); child; child = gtk_widget_get_next_sibling(child)) {
        if (GTK_IS_LABEL(child)) {
            gtk_label_set_xalign(GTK_LABEL(child), 1);
        }
    }
}

/* A mark is where the usual value is, and holds a handle that comes near. */
static void set_range(GtkWidget *scale, double least, double most, double usual, GtkScaleFormatValueFunc format)
{
    gtk_range_set_range(GTK_RANGE(scale), least, most);
    gtk_scale_add_mark(GTK_SCALE(scale), usual, GTK_POS_BOTTOM, NULL);
    gtk_scale_set_format_value_func(GTK_SCALE(scale), format, NULL, NULL);
    align_value(scale);
}

static void set_percent(GtkWidget *scale, PstLookSetting setting)
{
    const PstLookNumber *number = &pst_look_numbers[setting];

    set_range(scale, number->least, number->most, number->usual, format_percent);
}

static void set_times(GtkWidget *scale, PstLookSetting setting)
{
    const PstLookNumber *number = &pst_look_numbers[setting];

    set_range(scale, log2(number->least), log2(number->most), log2(number->usual), format_times);
}

static void pst_adjust_panel_init(PstAdjustPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    panel->updating = TRUE;
    set_percent(panel->likeness, PST_LOOK_LIKENESS);
    set_percent(panel->strength, PST_LOOK_STRENGTH);
    set_times(panel->stroke, PST_LOOK_STROKE);
    set_percent(panel->detail, PST_LOOK_DETAIL);
    panel->updating = FALSE;
    g_signal_connect_swapped(panel->masterpiece, "toggled", G_CALLBACK(on_finish), panel);
    g_signal_connect(panel->likeness, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->strength, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->stroke, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->detail, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect_swapped(panel->keep_colours, "notify::active", G_CALLBACK(on_keep_colours), panel);
    g_signal_connect_swapped(panel->reset, "clicked", G_CALLBACK(on_reset), panel);
    g_signal_connect_swapped(panel->inherit, "clicked", G_CALLBACK(on_inherit), panel);
    g_signal_connect_swapped(panel->of_region, "toggled", G_CALLBACK(on_scope), panel);
    for (int i = 0; i < PRESETS; i++) {
        g_signal_connect(button_of(panel, i), "clicked", G_CALLBACK(on_preset), panel);
    }
}
