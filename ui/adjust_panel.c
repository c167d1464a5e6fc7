#include "adjust_panel.h"

#include "field.h"

struct _PstAdjustPanel {
    GtkWidget parent_instance;
    GtkWidget *scroller, *strength, *strength_value, *stroke, *stroke_value, *detail, *detail_value, *keep_colours,
        *reset;
    PstDocument *document;
    gboolean updating;
};

G_DEFINE_FINAL_TYPE(PstAdjustPanel, pst_adjust_panel, GTK_TYPE_WIDGET)

static void show_percent(GtkWidget *field, double value)
{
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * value);

    pst_field_set_value(PST_FIELD(field), text);
}

static void update(PstAdjustPanel *panel)
{
    const PstLook *look = pst_document_look(panel->document);
    g_autofree char *stroke = g_strdup_printf("%.1f ×", look->stroke);

    panel->updating = TRUE;
    gtk_range_set_value(GTK_RANGE(panel->strength), look->strength);
    gtk_range_set_value(GTK_RANGE(panel->stroke), look->stroke);
    gtk_range_set_value(GTK_RANGE(panel->detail), look->detail);
    gtk_switch_set_active(GTK_SWITCH(panel->keep_colours), look->keep_colours);
    show_percent(panel->strength_value, look->strength);
    pst_field_set_value(PST_FIELD(panel->stroke_value), stroke);
    show_percent(panel->detail_value, look->detail);
    gtk_widget_set_sensitive(panel->reset,
                             look->strength != 1 || look->stroke != 1 || look->detail != 1 || look->keep_colours);
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
    } else {
        look->detail = value;
        key = "detail";
    }
    pst_document_set_look(panel->document, look, key);
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
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, strength);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, strength_value);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, stroke);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, stroke_value);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, detail);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, detail_value);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, keep_colours);
    gtk_widget_class_bind_template_child(widget_class, PstAdjustPanel, reset);
}

static void set_range(GtkWidget *range, PstLookSetting setting)
{
    gtk_range_set_range(GTK_RANGE(range), pst_look_numbers[setting].least, pst_look_numbers[setting].most);
}

static void pst_adjust_panel_init(PstAdjustPanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
    panel->updating = TRUE;
    set_range(panel->strength, PST_LOOK_STRENGTH);
    set_range(panel->stroke, PST_LOOK_STROKE);
    set_range(panel->detail, PST_LOOK_DETAIL);
    panel->updating = FALSE;
    g_signal_connect(panel->strength, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->stroke, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect(panel->detail, "value-changed", G_CALLBACK(on_value), panel);
    g_signal_connect_swapped(panel->keep_colours, "notify::active", G_CALLBACK(on_keep_colours), panel);
    g_signal_connect_swapped(panel->reset, "clicked", G_CALLBACK(on_reset), panel);
}
