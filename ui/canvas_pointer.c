/* What the pointer, the wheel and fingers do on the canvas. */
#include "canvas_private.h"

#include <math.h>

#define WHEEL_STEP  1.2  /* times, for a notch */
#define SPLIT_REACH 20.0 /* logical pixels to either side of the line */
#define HOLD_FACTOR 0.6  /* of the usual time of a long press */
#define KEY_STEP    64.0 /* logical pixels */

static gboolean over_split(PstCanvas *canvas, double x)
{
    return canvas->split && (canvas->painting || canvas->arriving) &&
           fabs(x - pst_canvas_split_x(canvas)) < SPLIT_REACH;
}

static void set_cursor(PstCanvas *canvas)
{
    const char *name = canvas->brush > 0                                           ? "crosshair"
                       : canvas->drag == PST_DRAG_PAN                              ? "grabbing"
                       : canvas->original && over_split(canvas, canvas->pointer_x) ? "col-resize"
                                                                                   : NULL;

    gtk_widget_set_cursor_from_name(GTK_WIDGET(canvas), name);
}

static void to_mask(PstCanvas *canvas, double x, double y, double *mask_x, double *mask_y)
{
    double unit = MAX(canvas->viewport.picture_width, canvas->viewport.picture_height);

    pst_viewport_to_picture(&canvas->viewport, x, y, mask_x, mask_y);
    *mask_x /= unit;
    *mask_y /= unit;
}

static void brush_to(PstCanvas *canvas, int signal, double x, double y)
{
    double mask_x, mask_y;

    to_mask(canvas, x, y, &mask_x, &mask_y);
    g_signal_emit(canvas, pst_canvas_signals[signal], 0, mask_x, mask_y);
}

static void on_motion(GtkEventControllerMotion *controller, double x, double y, PstCanvas *canvas)
{
    canvas->pointer_inside = TRUE;
    canvas->pointer_x = x;
    canvas->pointer_y = y;
    set_cursor(canvas);
    if (canvas->brush > 0) {
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    }
}

static void on_leave(GtkEventControllerMotion *controller, PstCanvas *canvas)
{
    canvas->pointer_inside = FALSE;
    if (canvas->brush > 0) {
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    }
}

static gboolean is_touchpad(GtkEventController *controller)
{
    GdkDevice *device = gtk_event_controller_get_current_event_device(controller);

    return device && gdk_device_get_source(device) == GDK_SOURCE_TOUCHPAD;
}

static gboolean on_scroll(GtkEventControllerScroll *scroll, double dx, double dy, PstCanvas *canvas)
{
    GtkEventController *controller = GTK_EVENT_CONTROLLER(scroll);
    gboolean control = gtk_event_controller_get_current_event_state(controller) & GDK_CONTROL_MASK;

    if (!canvas->original) {
        return GDK_EVENT_PROPAGATE;
    }
    if (is_touchpad(controller) && !control) {
        pst_viewport_pan(&canvas->viewport, -dx * 10, -dy * 10);
        pst_canvas_moved(canvas);
    } else {
        pst_canvas_set_zoom(canvas, canvas->viewport.zoom * pow(WHEEL_STEP, -dy));
    }
    return GDK_EVENT_STOP;
}

static void on_drag_begin(GtkGestureDrag *gesture, double x, double y, PstCanvas *canvas)
{
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));

    gtk_widget_grab_focus(GTK_WIDGET(canvas));
    canvas->drag_x = canvas->drag_y = 0;
    if (!canvas->original || button > GDK_BUTTON_MIDDLE) {
        gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_DENIED);
    } else if (button == GDK_BUTTON_MIDDLE) {
        canvas->drag = PST_DRAG_PAN;
    } else if (canvas->brush > 0) {
        canvas->drag = PST_DRAG_BRUSH;
        brush_to(canvas, PST_CANVAS_BRUSH_BEGIN, x, y);
    } else {
        canvas->drag = over_split(canvas, x) ? PST_DRAG_SPLIT : PST_DRAG_PAN;
    }
}

static void on_drag_update(GtkGestureDrag *gesture, double dx, double dy, PstCanvas *canvas)
{
    double x, y;
    graphene_rect_t area;

    gtk_gesture_drag_get_start_point(gesture, &x, &y);
    switch (canvas->drag) {
    case PST_DRAG_PAN:
        pst_viewport_pan(&canvas->viewport, dx - canvas->drag_x, dy - canvas->drag_y);
        pst_canvas_moved(canvas);
        set_cursor(canvas);
        break;
    case PST_DRAG_SPLIT:
        pst_canvas_area(canvas, &area);
        canvas->split_at = CLAMP((x + dx - area.origin.x) / area.size.width, 0, 1);
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
        break;
    case PST_DRAG_BRUSH:
        brush_to(canvas, PST_CANVAS_BRUSH_MOVE, x + dx, y + dy);
        break;
    case PST_DRAG_NONE:
        break;
    }
    canvas->drag_x = dx;
    canvas->drag_y = dy;
}

static void on_drag_end(GtkGestureDrag *gesture, double dx, double dy, PstCanvas *canvas)
{
    if (canvas->drag == PST_DRAG_BRUSH) {
        g_signal_emit(canvas, pst_canvas_signals[PST_CANVAS_BRUSH_END], 0);
    }
    canvas->drag = PST_DRAG_NONE;
    pst_canvas_set_hold(canvas, FALSE);
    set_cursor(canvas);
}

static void on_hold(GtkGestureLongPress *gesture, double x, double y, PstCanvas *canvas)
{
    if (canvas->original && canvas->drag == PST_DRAG_PAN) {
        pst_canvas_set_hold(canvas, TRUE);
    }
}

static void on_pressed(GtkGestureClick *gesture, int presses, double x, double y, PstCanvas *canvas)
{
    if (presses == 2 && canvas->original && canvas->brush == 0) {
        if (canvas->viewport.fit) {
            pst_viewport_zoom_about(&canvas->viewport, 1, x, y);
            pst_canvas_moved(canvas);
        } else {
            pst_canvas_fit(canvas);
        }
    }
}

/* Two fingers pinch; what the first of them began alone, with the brush or a pan, is over. */
static void on_pinch_begin(GtkGesture *gesture, GdkEventSequence *sequence, PstCanvas *canvas)
{
    gtk_gesture_set_state(gesture, GTK_EVENT_SEQUENCE_CLAIMED);
    canvas->pinch_zoom = canvas->viewport.zoom;
}

static void on_pinch(GtkGestureZoom *gesture, double scale, PstCanvas *canvas)
{
    double x, y;

    if (!canvas->original) {
        return;
    }
    if (gtk_gesture_is_active(GTK_GESTURE(gesture)) &&
        gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y)) {
        pst_viewport_zoom_about(&canvas->viewport, canvas->pinch_zoom * scale, x, y);
        pst_canvas_moved(canvas);
    } else {
        pst_canvas_set_zoom(canvas, canvas->pinch_zoom * scale);
    }
}

static gboolean on_key(GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                       PstCanvas *canvas)
{
    double dx = (key == GDK_KEY_Left) - (key == GDK_KEY_Right), dy = (key == GDK_KEY_Up) - (key == GDK_KEY_Down);

    if ((dx == 0 && dy == 0) || !canvas->original || state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) {
        return GDK_EVENT_PROPAGATE;
    }
    if (canvas->split && dx != 0 && state & GDK_SHIFT_MASK) {
        canvas->split_at = CLAMP(canvas->split_at - dx * 0.02, 0, 1);
        gtk_widget_queue_draw(GTK_WIDGET(canvas));
    } else {
        pst_viewport_pan(&canvas->viewport, dx * KEY_STEP, dy * KEY_STEP);
        pst_canvas_moved(canvas);
    }
    return GDK_EVENT_STOP;
}

void pst_canvas_add_controllers(PstCanvas *canvas)
{
    GtkWidget *widget = GTK_WIDGET(canvas);
    GtkEventController *motion = gtk_event_controller_motion_new();
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
    GtkEventController *key = gtk_event_controller_key_new();
    GtkGesture *drag = gtk_gesture_drag_new(), *hold = gtk_gesture_long_press_new();
    GtkGesture *click = gtk_gesture_click_new(), *pinch = gtk_gesture_zoom_new();

    g_signal_connect(motion, "enter", G_CALLBACK(on_motion), canvas);
    g_signal_connect(motion, "motion", G_CALLBACK(on_motion), canvas);
    g_signal_connect(motion, "leave", G_CALLBACK(on_leave), canvas);
    g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), canvas);
    g_signal_connect(key, "key-pressed", G_CALLBACK(on_key), canvas);
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), 0);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), canvas);
    g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), canvas);
    g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), canvas);
    gtk_gesture_long_press_set_delay_factor(GTK_GESTURE_LONG_PRESS(hold), HOLD_FACTOR);
    g_signal_connect(hold, "pressed", G_CALLBACK(on_hold), canvas);
    g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), canvas);
    g_signal_connect(pinch, "begin", G_CALLBACK(on_pinch_begin), canvas);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(on_pinch), canvas);
    gtk_gesture_group(hold, drag);
    gtk_gesture_group(click, drag);

    gtk_widget_add_controller(widget, motion);
    gtk_widget_add_controller(widget, scroll);
    gtk_widget_add_controller(widget, key);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(hold));
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(pinch));
}
