/* The canvas's own state, for the files it is made of: what it holds, how it draws, what the pointer does. */
#pragma once

#include "canvas.h"
#include "canvas_layer.h"
#include "app/desktop/viewport.h"

struct _PstCanvas {
    GtkWidget parent_instance;
    PstViewport viewport;
    PstCanvasLayer *original, *painting, *arriving;
    PstCanvasLayer *before; /* while `painting` settles over it, or NULL */
    double settled;         /* how far, from 0 to 1 */
    gint64 settle_began;    /* microseconds of the frame clock; 0: with the next frame */
    guint settle_tick;
    gboolean alpha; /* the photograph is transparent in places */
    gboolean split, hold;
    double split_at; /* 0 .. 1 of the picture's width */
    PstMask *mask;
    cairo_surface_t *tint; /* of the mask, or NULL: to be made */
    double brush;          /* radius, or 0 */
    gboolean pointer_inside;
    double pointer_x, pointer_y;
    enum { PST_DRAG_NONE, PST_DRAG_PAN, PST_DRAG_SPLIT, PST_DRAG_BRUSH } drag;
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

/** Draws `painting` as far as it has settled. */
void pst_canvas_snapshot_settling(PstCanvas *canvas, GtkSnapshot *snapshot, const graphene_rect_t *area,
                                  const graphene_rect_t *visible);
void pst_canvas_stop_settling(PstCanvas *canvas);

void pst_canvas_add_controllers(PstCanvas *canvas);

enum { PST_CANVAS_BRUSH_BEGIN, PST_CANVAS_BRUSH_MOVE, PST_CANVAS_BRUSH_END, PST_CANVAS_SIGNALS };
extern guint pst_canvas_signals[PST_CANVAS_SIGNALS];
