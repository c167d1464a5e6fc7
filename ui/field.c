#include "field.h"

struct _PstField {
    GtkWidget parent_instance;
    GtkWidget *heading; /* holds title, subtitle and value */
    GtkWidget *title, *subtitle, *value, *control, *target;
    GtkSizeGroup *group;
    gboolean stacked;
};

static void buildable_init(GtkBuildableIface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(PstField, pst_field, GTK_TYPE_WIDGET,
                              G_IMPLEMENT_INTERFACE(GTK_TYPE_BUILDABLE, buildable_init))

enum { TITLE = 1, SUBTITLE, GROUP, STACKED, TARGET, CONTROL, PROPERTIES };
static GParamSpec *properties[PROPERTIES];
static GtkBuildableIface *parent_buildable;

void pst_field_set_value(PstField *field, const char *value)
{
    gtk_label_set_text(GTK_LABEL(field->value), value);
}

static void name_target(PstField *field)
{
    GtkWidget *target = field->target ? field->target : field->control;

    if (target && *gtk_label_get_text(GTK_LABEL(field->title))) {
        gtk_label_set_mnemonic_widget(GTK_LABEL(field->title), target);
        gtk_accessible_update_relation(GTK_ACCESSIBLE(target), GTK_ACCESSIBLE_RELATION_LABELLED_BY, field->title, NULL,
                                       -1);
    }
}

static void set_control(PstField *field, GtkWidget *control)
{
    g_clear_pointer(&field->control, gtk_widget_unparent);
    field->control = control;
    if (control) {
        gtk_widget_insert_before(control, GTK_WIDGET(field), NULL);
    }
    name_target(field);
}

static void arrange(PstField *field)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(field));
    gboolean form = field->group != NULL;

    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout),
                                   field->stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
    gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(layout), field->stacked ? 0 : 12);
    gtk_widget_set_visible(field->value, field->stacked);
    gtk_widget_set_hexpand(field->heading, !form);
    gtk_label_set_xalign(GTK_LABEL(field->title), form ? 1 : 0);
    if (form) {
        gtk_widget_add_css_class(field->title, "dim-label");
    } else {
        gtk_widget_remove_css_class(field->title, "dim-label");
    }
}

static void add_child(GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
    /* The first child is the template's own. */
    if (GTK_IS_WIDGET(child) && !type && PST_FIELD(buildable)->heading) {
        set_control(PST_FIELD(buildable), GTK_WIDGET(child));
    } else {
        parent_buildable->add_child(buildable, builder, child, type);
    }
}

static void buildable_init(GtkBuildableIface *interface)
{
    parent_buildable = g_type_interface_peek_parent(interface);
    interface->add_child = add_child;
}

static void pst_field_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    PstField *field = PST_FIELD(object);

    switch (id) {
    case TITLE:
        gtk_label_set_text_with_mnemonic(GTK_LABEL(field->title), g_value_get_string(value));
        break;
    case SUBTITLE:
        gtk_label_set_text(GTK_LABEL(field->subtitle), g_value_get_string(value));
        gtk_widget_set_visible(field->subtitle, g_value_get_string(value) != NULL);
        break;
    case GROUP:
        if (g_set_object(&field->group, g_value_get_object(value)) && field->group) {
            gtk_size_group_add_widget(field->group, field->heading);
        }
        arrange(field);
        break;
    case STACKED:
        field->stacked = g_value_get_boolean(value);
        arrange(field);
        break;
    case TARGET:
        field->target = g_value_get_object(value);
        name_target(field);
        break;
    default:
        set_control(field, g_value_get_object(value));
    }
}

static void pst_field_dispose(GObject *object)
{
    PstField *field = PST_FIELD(object);

    field->target = NULL;
    g_clear_pointer(&field->control, gtk_widget_unparent);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_FIELD);
    g_clear_object(&field->group);
    G_OBJECT_CLASS(pst_field_parent_class)->dispose(object);
}

static void pst_field_class_init(PstFieldClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

    G_OBJECT_CLASS(klass)->set_property = pst_field_set_property;
    G_OBJECT_CLASS(klass)->dispose = pst_field_dispose;
    properties[TITLE] = g_param_spec_string("title", NULL, NULL, NULL, flags);
    properties[SUBTITLE] = g_param_spec_string("subtitle", NULL, NULL, NULL, flags);
    properties[GROUP] = g_param_spec_object("group", NULL, NULL, GTK_TYPE_SIZE_GROUP, flags);
    properties[STACKED] = g_param_spec_boolean("stacked", NULL, NULL, FALSE, flags);
    properties[TARGET] = g_param_spec_object("target", NULL, NULL, GTK_TYPE_WIDGET, flags);
    properties[CONTROL] = g_param_spec_object("control", NULL, NULL, GTK_TYPE_WIDGET, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/field.ui");
    gtk_widget_class_bind_template_child(widget_class, PstField, heading);
    gtk_widget_class_bind_template_child(widget_class, PstField, title);
    gtk_widget_class_bind_template_child(widget_class, PstField, subtitle);
    gtk_widget_class_bind_template_child(widget_class, PstField, value);
}

static void pst_field_init(PstField *field)
{
    gtk_widget_init_template(GTK_WIDGET(field));
    arrange(field);
}
