#include "adjust_panel.h"

#include "app/desktop/preferences.h"
#include "field.h"

struct _PstAdjustPanel {
    GtkWidget parent_instance;
    GtkWidget *box, *scope, *instant, *masterpiece, *subtle, *balanced, *bold, *strength, *stroke, *likeness,
        *likeness_value, *more, *detail, *keep_colours, *reset;
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

static char *format_times(GtkScale *scale, double value, gpointer data)
{
    return g_strdup_printf("%.1f ×", value);
}

static void update(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    gboolean refined = look->finish == PST_FINISH_MASTERPIECE;

    panel->updating = TRUE;
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(refined ? panel->masterpiece : panel->instant), TRUE);
    gtk_widget_set_sensitive(panel->likeness_value, refined);
    gtk_range_set_value(GTK_RANGE(panel->likeness), look->likeness);
    gtk_range_set_value(GTK_RANGE(panel->strength), look->strength);
    gtk_range_set_value(GTK_RANGE(panel->stroke), look->stroke);
    gtk_range_set_value(GTK_RANGE(panel->detail), look->detail);
    gtk_switch_set_active(GTK_SWITCH(panel->keep_colours), look->keep_colours);
    for (int i = 0; i < PRESETS; i++) {
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button_of(panel, i)), is_preset(look, &presets[i]));
    }
    gtk_widget_set_visible(panel->scope, look->count > 1);
    gtk_widget_set_sensitive(panel->reset, look->strength != 1 || look->stroke != 1 || look->detail != 1 ||
                                               look->keep_colours ||
                                               look->likeness != pst_look_numbers[PST_LOOK_LIKENESS].usual);
    panel->updating = FALSE;
}

static void on_value(GtkRange *range, PstAdjustPanel *panel)
{
    double value = gtk_range_get_value(range);
    g_autoptr(PstLook) look = NULL;
    const char *key;

    if (panel->updating) {
        return;
    }
    look = pst_look_copy(pst_document_look(panel->document));
    if (GTK_WIDGET(range) == panel->strength) {
        look->strength = value;
        key = "strength";
    } else if (GTK_WIDGET(range) == panel->stroke) {
        look->stroke = value;
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

    if (panel->updating) {
        return;
    }
    look = pst_look_copy(pst_document_look(panel->document));
    look->keep_colours = gtk_switch_get_active(GTK_SWITCH(panel->keep_colours));
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

/* A mark is where the usual value is. */
static void set_range(GtkWidget *scale, PstLookSetting setting, GtkScaleFormatValueFunc format)
{
    const PstLookNumber *number = &pst_look_numbers[setting];

    gtk_range_set_range(GTK_RANGE(scale), number->least, number->most);
    gtk_scale_add_mark(GTK_SCALE(scale), number->usual, GTK_POS_BOTTOM, NULL);
    gtk_scale_set_format_value_func(GTK_SCALE(scale), format, NULL, NULL);
}

static void pst_adjust_panel_init(PstAdjustPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    panel->updating = TRUE;
    set_range(panel->likeness, PST_LOOK_LIKENESS, format_percent);
    set_range(panel->strength, PST_LOOK_STRENGTH, format_percent);
    set_range(panel->stroke, PST_LOOK_STROKE, format_times);
    set_range(panel->detail, PST_LOOK_DETAIL, format_percent);
    panel->updating = FALSE;
    g_signal_connect_swapped(panel->masterpiece, "toggled", G_CALLBACK(on_finish), panel);
    g_signal_connect(panel->likeness, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->strength, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->stroke, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->detail, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect_swapped(panel->keep_colours, "notify::active", G_CALLBACK(on_keep_colours), panel);
    g_signal_connect_swapped(panel->reset, "clicked", G_CALLBACK(on_reset), panel);
    for (int i = 0; i < PRESETS; i++) {
        g_signal_connect(button_of(panel, i), "clicked", G_CALLBACK(on_preset), panel);
    }
}
