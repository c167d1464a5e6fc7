#include "map_view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "accessible.h"

#define NATURAL 420 /* logical pixels */
#define LEAST   240
#define DOT     4.6 /* radius at no zoom; it grows with the root of the zoom */
#define RING    9
#define CLOSEST 12.0
#define STEP    0.01 /* of an arrow key, over the zoom */
#define WHEEL   1.2

struct _PstMapView {
    GtkWidget parent_instance;
    PstStyleFinder *finder;
    double zoom, left, top; /* the part that is seen: 1 / zoom wide */
    double x, y;            /* the place, on the map; below 0: none */
    double drag_left, drag_top;
    gboolean held;
};

G_DEFINE_FINAL_TYPE(PstMapView, pst_map_view, GTK_TYPE_WIDGET)

/* The square in the middle that the map is drawn on. */
static double side_of(PstMapView *view)
{
    return MAX(1, MIN(gtk_widget_get_width(GTK_WIDGET(view)), gtk_widget_get_height(GTK_WIDGET(view))));
}

static void to_screen(PstMapView *view, double x, double y, double *sx, double *sy)
{
    double side = side_of(view);

    *sx = (gtk_widget_get_width(GTK_WIDGET(view)) - side) / 2 + (x - view->left) * view->zoom * side;
    *sy = (gtk_widget_get_height(GTK_WIDGET(view)) - side) / 2 + (y - view->top) * view->zoom * side;
}

static void to_map(PstMapView *view, double sx, double sy, double *x, double *y)
{
    double side = side_of(view);

    *x = CLAMP(view->left + (sx - (gtk_widget_get_width(GTK_WIDGET(view)) - side) / 2) / (side * view->zoom), 0, 1);
    *y = CLAMP(view->top + (sy - (gtk_widget_get_height(GTK_WIDGET(view)) - side) / 2) / (side * view->zoom), 0, 1);
}

static void keep_inside(PstMapView *view)
{
    view->left = CLAMP(view->left, 0, 1 - 1 / view->zoom);
    view->top = CLAMP(view->top, 0, 1 - 1 / view->zoom);
}

/* ---- drawing -------------------------------------------------------------------------------- */

static void draw_dot(cairo_t *cr, double x, double y, double radius, const guint8 *colours)
{
    /* The three main colours as sectors. */
    for (int i = 0; i < 3; i++, colours += 3) {
        cairo_move_to(cr, x, y);
        cairo_arc(cr, x, y, radius, (i - 0.25) * 2 * G_PI / 3, (i + 0.75) * 2 * G_PI / 3);
        cairo_set_source_rgb(cr, colours[0] / 255.0, colours[1] / 255.0, colours[2] / 255.0);
        cairo_fill(cr);
    }
}

/* A name on a quiet ground, so that dots don't disturb it. One that would cover another, of `taken`, is left out. */
static void draw_name(PstMapView *view, cairo_t *cr, double x, double y, const char *text, const GdkRGBA *ink,
                      double scale, cairo_region_t *taken)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(view), text);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
    double dark = ink->red + ink->green + ink->blue < 1.5 ? 1 : 0;
    cairo_rectangle_int_t place;
    int width, height;

    pango_attr_list_insert(attributes, pango_attr_scale_new(scale));
    pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_SEMIBOLD));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_get_pixel_size(layout, &width, &height);
    x = CLAMP(x - width / 2.0, 2, MAX(2, gtk_widget_get_width(GTK_WIDGET(view)) - width - 2));
    y = CLAMP(y - height / 2.0, 2, MAX(2, gtk_widget_get_height(GTK_WIDGET(view)) - height - 2));
    place = (cairo_rectangle_int_t){ (int)x - 4, (int)y - 1, width + 8, height + 2 };
    if (taken && cairo_region_contains_rectangle(taken, &place) != CAIRO_REGION_OVERLAP_OUT)
        return;
    if (taken)
        cairo_region_union_rectangle(taken, &place);
    cairo_rectangle(cr, place.x, place.y, place.width, place.height);
    cairo_set_source_rgba(cr, dark, dark, dark, 0.72);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, 0.9);
    cairo_move_to(cr, x, y);
    pango_cairo_show_layout(cr, layout);
}

static void draw_place(PstMapView *view, cairo_t *cr, const GdkRGBA *ink)
{
    g_autofree char *label = NULL;
    double x, y;

    if (view->x < 0)
        return;
    to_screen(view, view->x, view->y, &x, &y);
    cairo_new_path(cr);
    cairo_arc(cr, x, y, RING, 0, 2 * G_PI);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, view->held ? 4.5 : 3);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.85);
    cairo_set_line_width(cr, view->held ? 2.5 : 1);
    cairo_stroke(cr);
    label = pst_style_finder_label(view->finder, view->x, view->y);
    if (label)
        draw_name(view, cr, x, y - RING - 14, label, ink, 0.9, NULL);
}

static void pst_map_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    PstMapView *view = PST_MAP_VIEW(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    double x, y, radius = DOT * sqrt(view->zoom) * side_of(view) / NATURAL;
    const guint8 *colours;
    cairo_region_t *taken = cairo_region_create();
    const char *name;
    GdkRGBA ink;

    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &ink);
    cairo_rectangle(cr, 0, 0, width, height);
    cairo_clip(cr);
    for (int i = 0; view->finder && pst_style_finder_dot(view->finder, i, &x, &y, &colours); i++) {
        to_screen(view, x, y, &x, &y);
        if (x > -radius && y > -radius && x < width + radius && y < height + radius)
            draw_dot(cr, x, y, radius, colours);
    }
    for (int i = 0; view->finder && pst_style_finder_movement(view->finder, i, &x, &y, &name); i++) {
        to_screen(view, x, y, &x, &y);
        if (x > 0 && y > 0 && x < width && y < height)
            draw_name(view, cr, x, y, name, &ink, 0.75, taken);
    }
    if (view->finder)
        draw_place(view, cr, &ink);
    cairo_region_destroy(taken);
    cairo_destroy(cr);
}

static void pst_map_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                 int *natural, int *minimum_baseline, int *natural_baseline)
{
    *minimum = LEAST;
    *natural = NATURAL;
}

/* ---- the pointer and keys ------------------------------------------------------------------- */

static void go_to(PstMapView *view, double x, double y)
{
    view->x = CLAMP(x, 0, 1);
    view->y = CLAMP(y, 0, 1);
    if (view->finder)
        pst_style_finder_point(view->finder, view->x, view->y);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void on_motion(GtkEventControllerMotion *controller, double sx, double sy, PstMapView *view)
{
    double x, y;

    if (view->held || !view->finder || !pst_style_finder_is_ready(view->finder))
        return;
    to_map(view, sx, sy, &x, &y);
    if (x != view->x || y != view->y)
        go_to(view, x, y);
}

static void on_pressed(GtkGestureClick *gesture, int count, double sx, double sy, PstMapView *view)
{
    gtk_widget_grab_focus(GTK_WIDGET(view));
}

static void on_released(GtkGestureClick *gesture, int count, double sx, double sy, PstMapView *view)
{
    double x, y;

    to_map(view, sx, sy, &x, &y);
    view->held = !view->held;
    go_to(view, x, y);
}

static void zoom_by(PstMapView *view, double factor, double x, double y)
{
    double zoom = CLAMP(view->zoom * factor, 1, CLOSEST);

    /* The place under the pointer stays. */
    view->left = x - (x - view->left) * view->zoom / zoom;
    view->top = y - (y - view->top) * view->zoom / zoom;
    view->zoom = zoom;
    keep_inside(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy, PstMapView *view)
{
    zoom_by(view, pow(WHEEL, -dy), view->x < 0 ? 0.5 : view->x, view->x < 0 ? 0.5 : view->y);
    return TRUE;
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, PstMapView *view)
{
    view->drag_left = view->left;
    view->drag_top = view->top;
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, PstMapView *view)
{
    double scale = side_of(view) * view->zoom;

    if (!gtk_drag_check_threshold(GTK_WIDGET(view), 0, 0, (int)dx, (int)dy))
        return;
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    view->left = view->drag_left - dx / scale;
    view->top = view->drag_top - dy / scale;
    keep_inside(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       PstMapView *view)
{
    double step = STEP / view->zoom, x = view->x < 0 ? 0.5 : view->x, y = view->x < 0 ? 0.5 : view->y;

    switch (key) {
    case GDK_KEY_Left:
        x -= step;
        break;
    case GDK_KEY_Right:
        x += step;
        break;
    case GDK_KEY_Up:
        y -= step;
        break;
    case GDK_KEY_Down:
        y += step;
        break;
    case GDK_KEY_plus:
    case GDK_KEY_minus:
        zoom_by(view, key == GDK_KEY_plus ? WHEEL : 1 / WHEEL, x, y);
        return TRUE;
    default:
        return FALSE;
    }
    view->held = TRUE;
    go_to(view, x, y);
    return TRUE;
}

/* ---- the widget ----------------------------------------------------------------------------- */

void pst_map_view_set_finder(PstMapView *view, PstStyleFinder *finder)
{
    if (g_set_object(&view->finder, finder)) {
        if (finder)
            g_signal_connect_object(finder, "notify::ready", G_CALLBACK(gtk_widget_queue_draw), view,
                                    G_CONNECT_SWAPPED);
        gtk_widget_queue_draw(GTK_WIDGET(view));
    }
}

static void pst_map_view_dispose(GObject *object)
{
    g_clear_object(&PST_MAP_VIEW(object)->finder);
    G_OBJECT_CLASS(pst_map_view_parent_class)->dispose(object);
}

static void pst_map_view_init(PstMapView *view)
{
    GtkEventController *motion = gtk_event_controller_motion_new(), *key = gtk_event_controller_key_new();
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    GtkGesture *click = gtk_gesture_click_new(), *drag = gtk_gesture_drag_new();

    view->zoom = 1;
    view->x = view->y = -1;
    gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
    gtk_widget_set_overflow(GTK_WIDGET(view), GTK_OVERFLOW_HIDDEN);
    g_signal_connect(motion, "motion", G_CALLBACK(on_motion), view);
    g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), view);
    g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), view);
    g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), view);
    g_signal_connect(click, "released", G_CALLBACK(on_released), view);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), view);
    g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), view);
    gtk_widget_add_controller(GTK_WIDGET(view), motion);
    gtk_widget_add_controller(GTK_WIDGET(view), key);
    gtk_widget_add_controller(GTK_WIDGET(view), scroll);
    gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(click));
    gtk_gesture_group(drag, click);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Map of styles"), -1);
}

static void pst_map_view_class_init(PstMapViewClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_map_view_dispose;
    widget_class->snapshot = pst_map_view_snapshot;
    widget_class->measure = pst_map_view_measure;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}
