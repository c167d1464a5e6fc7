/* The canvas's own state, for the files it is made of: what it holds, how it draws, what the pointer does. */
#pragma once

#include "canvas.h"
#include "canvas_layer.h"
#include "app/desktop/viewport.h"

G_BEGIN_DECLS

struct _PstCanvas {
    GtkWidget parent_instance;
    PstViewport viewport;
    PstCanvasLayer *original, *painting, *arriving;
    gboolean alpha; /* the photograph is transparent in places */
    gboolean split, hold;
    double split_at; /* 0 .. 1 of the picture's width */
    PstMask *mask;
    cairo_surface_t *tint; /* of the mask, or NULL: to be made */
    double brush;          /* radius, or 0 */
    gboolean pointer_inside;
    double pointer_x, pointer_y;
    enum { PST_DRAG_NONE, PST_DRAG_PAN, PST_DRAG_SPLIT, PST_DRAG_STROKE } drag;
    double drag_x, drag_y; /* how far it has come */
    double pinch_zoom;
};

/** Where the picture is, in logical pixels. */
void pst_canvas_area(PstCanvas *canvas, graphene_rect_t *area);

/** Where the line of the split is, in logical pixels. */
double pst_canvas_split_x(PstCanvas *canvas);

/** After every change of the viewport. */
void pst_canvas_moved(PstCanvas *canvas);

void pst_canvas_snapshot(GtkWidget *widget, GtkSnapshot *snapshot);

void pst_canvas_add_controllers(PstCanvas *canvas);

enum { PST_CANVAS_STROKE_BEGIN, PST_CANVAS_STROKE_MOVE, PST_CANVAS_STROKE_END, PST_CANVAS_SIGNALS };
extern guint pst_canvas_signals[PST_CANVAS_SIGNALS];

G_END_DECLS
