#include "canvas_private.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN 24

G_DEFINE_FINAL_TYPE(PstCanvas, pst_canvas, GTK_TYPE_WIDGET)

guint pst_canvas_signals[PST_CANVAS_SIGNALS];
enum { ZOOM = 1, FIT, SPLIT, BRUSH, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

void pst_canvas_area(PstCanvas *canvas, graphene_rect_t *area)
{
    const PstViewport *viewport = &canvas->viewport;
    double x, y, scale = pst_viewport_scale(viewport), factor = MAX(1, viewport->scale_factor);

    pst_viewport_origin(viewport, &x, &y);
    graphene_rect_init(area, (float)x, (float)y, (float)(round(viewport->picture_width * scale * factor) / factor),
                       (float)(round(viewport->picture_height * scale * factor) / factor));
}

double pst_canvas_split_x(PstCanvas *canvas)
{
    graphene_rect_t area;
    double left, right;

    pst_canvas_area(canvas, &area);
    left = MAX(0, area.origin.x);
    right = MIN(canvas->viewport.view_width, area.origin.x + area.size.width);
    return CLAMP(round(area.origin.x + canvas->split_at * area.size.width), left, right);
}

void pst_canvas_moved(PstCanvas *canvas)
{
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[ZOOM]);
    g_object_notify_by_pspec(G_OBJECT(canvas), properties[FIT]);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void pst_canvas_set_frame(PstCanvas *canvas, const PstRaster *original)
{
    pst_canvas_stop_settling(canvas);
    g_clear_pointer(&canvas->original, pst_canvas_layer_free);
    g_clear_pointer(&canvas->painting, pst_canvas_layer_free);
    g_clear_pointer(&canvas->arriving, pst_canvas_layer_free);
    g_clear_pointer(&canvas->tint, cairo_surface_destroy);
    canvas->original = original ? pst_canvas_layer_new_from_raster(original, TRUE) : NULL;
    canvas->alpha = original && original->alpha;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void pst_canvas_set_original(PstCanvas *canvas, const PstRaster *original)
{
    pst_canvas_set_frame(canvas, original);
    pst_viewport_set_picture(&canvas->viewport, original ? original->width : 0, original ? original->height : 0);
    pst_canvas_moved(canvas);
}

void pst_canvas_set_painting(PstCanvas *canvas, const PstRaster *painting)
{
    pst_canvas_stop_settling(canvas);
    g_clear_pointer(&canvas->painting, pst_canvas_layer_free);
    canvas->painting = painting ? pst_canvas_layer_new_from_raster(painting, FALSE) : NULL;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void pst_canvas_begin(PstCanvas *canvas)
{
    g_clear_pointer(&canvas->arriving, pst_canvas_layer_free);
    canvas->arriving = pst_canvas_layer_new(canvas->viewport.picture_width, canvas->viewport.picture_height, TRUE);
}

void pst_canvas_cancel(PstCanvas *canvas)
{
    g_clear_pointer(&canvas->arriving, pst_canvas_layer_free);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void pst_canvas_add_strip(PstCanvas *canvas, const PstRasterStrip *strip)
{
    if (canvas->arriving) {
        pst_canvas_layer_add(canvas->arriving, strip);
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    }
}

void pst_canvas_end(PstCanvas *canvas)
{
    if (canvas->arriving) {
        pst_canvas_stop_settling(canvas);
        g_clear_pointer(&canvas->painting, pst_canvas_layer_free);
        canvas->painting = g_steal_pointer(&canvas->arriving);
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    }
}

void pst_canvas_fit(PstCanvas *canvas)
{
    pst_viewport_fit(&canvas->viewport);
    pst_canvas_moved(canvas);
}

void pst_canvas_set_zoom(PstCanvas *canvas, double zoom)
{
    double x = canvas->pointer_inside ? canvas->pointer_x : canvas->viewport.view_width / 2.0;
    double y = canvas->pointer_inside ? canvas->pointer_y : canvas->viewport.view_height / 2.0;

    pst_viewport_zoom_about(&canvas->viewport, zoom, x, y);
    pst_canvas_moved(canvas);
}

double pst_canvas_zoom(PstCanvas *canvas)
{
    return canvas->viewport.zoom;
}

gboolean pst_canvas_is_fit(PstCanvas *canvas)
{
    return canvas->viewport.fit;
}

static void set_split(PstCanvas *canvas, gboolean split)
{
    if (canvas->split != split) {
        canvas->split = split;
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
        g_object_notify_by_pspec(G_OBJECT(canvas), properties[SPLIT]);
    }
}

void pst_canvas_set_hold(PstCanvas *canvas, gboolean hold)
{
    if (canvas->hold != hold) {
        canvas->hold = hold;
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    }
}

void pst_canvas_set_mask(PstCanvas *canvas, PstMask *mask)
{
    PstMask *old = canvas->mask;

    canvas->mask = mask ? pst_mask_ref(mask) : NULL;
    pst_mask_unref(old);
    g_clear_pointer(&canvas->tint, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void pst_canvas_set_brush(PstCanvas *canvas, double radius)
{
    if (canvas->brush != radius) {
        canvas->brush = radius;
        gtk_widget_set_cursor_from_name(GTK_WIDGET(canvas), radius > 0 ? "crosshair" : NULL);
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
        g_object_notify_by_pspec(G_OBJECT(canvas), properties[BRUSH]);
    }
}

static void pst_canvas_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    PstCanvas *canvas = PST_CANVAS(widget);
    double before = canvas->viewport.zoom;

    pst_viewport_set_view(&canvas->viewport, width, height, gtk_widget_get_scale_factor(widget));
    if (before != canvas->viewport.zoom) {
        g_object_notify_by_pspec(G_OBJECT(widget), properties[ZOOM]);
    }
}

static void on_scale_factor(GtkWidget *widget)
{
    gtk_widget_queue_allocate(widget);
}

static void pst_canvas_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                               int *minimum_baseline, int *natural_baseline)
{
    *minimum = 120;
    *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 480;
}

static void pst_canvas_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstCanvas *canvas = PST_CANVAS(object);

    switch (id) {
    case ZOOM:
        g_value_set_double(value, canvas->viewport.zoom);
        break;
    case FIT:
        g_value_set_boolean(value, canvas->viewport.fit);
        break;
    case SPLIT:
        g_value_set_boolean(value, canvas->split);
        break;
    case BRUSH:
        g_value_set_boolean(value, canvas->brush > 0);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void pst_canvas_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    if (id == SPLIT) {
        set_split(PST_CANVAS(object), g_value_get_boolean(value));
    } else {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    }
}

static void pst_canvas_finalize(GObject *object)
{
    PstCanvas *canvas = PST_CANVAS(object);

    pst_canvas_layer_free(canvas->original);
    pst_canvas_layer_free(canvas->painting);
    pst_canvas_layer_free(canvas->arriving);
    pst_canvas_layer_free(canvas->before);
    pst_mask_unref(canvas->mask);
    g_clear_pointer(&canvas->tint, cairo_surface_destroy);
    G_OBJECT_CLASS(pst_canvas_parent_class)->finalize(object);
}

static void pst_canvas_class_init(PstCanvasClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    GType type = G_TYPE_FROM_CLASS(klass);
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pst_canvas_get_property;
    object_class->set_property = pst_canvas_set_property;
    object_class->finalize = pst_canvas_finalize;
    widget_class->snapshot = pst_canvas_snapshot;
    widget_class->size_allocate = pst_canvas_size_allocate;
    widget_class->measure = pst_canvas_measure;
    gtk_widget_class_set_css_name(widget_class, "canvas");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);

    properties[ZOOM] = g_param_spec_double("zoom", NULL, NULL, 0, G_MAXDOUBLE, 1, flags);
    properties[FIT] = g_param_spec_boolean("fit", NULL, NULL, TRUE, flags);
    properties[SPLIT] = g_param_spec_boolean("split", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
    properties[BRUSH] = g_param_spec_boolean("brush", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(object_class, PROPERTIES, properties);

    pst_canvas_signals[PST_CANVAS_BRUSH_BEGIN] = g_signal_new("brush-begin", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                              NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
    pst_canvas_signals[PST_CANVAS_BRUSH_MOVE] = g_signal_new("brush-move", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                             G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
    pst_canvas_signals[PST_CANVAS_BRUSH_END] = g_signal_new("brush-end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                            G_TYPE_NONE, 0);
}

static void pst_canvas_init(PstCanvas *canvas)
{
    canvas->viewport.margin = MARGIN;
    canvas->viewport.fit = TRUE;
    canvas->viewport.zoom = 1;
    canvas->viewport.scale_factor = 1;
    canvas->split_at = 0.5;
    gtk_widget_set_focusable(GTK_WIDGET(canvas), TRUE);
    gtk_widget_set_overflow(GTK_WIDGET(canvas), GTK_OVERFLOW_HIDDEN);
    gtk_accessible_update_property(GTK_ACCESSIBLE(canvas), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Picture"), -1);
    g_signal_connect(canvas, "notify::scale-factor", G_CALLBACK(on_scale_factor), NULL);
    pst_canvas_add_controllers(canvas);
}
