/* Which part of a picture is seen, and how large: the arithmetic of zooming and panning, without a widget.
 *
 * View coordinates are logical pixels from the widget's upper left corner, picture coordinates are pixels of the
 * picture. Zoom 1 shows one pixel of the picture as one of the screen's, on hi-dpi too.
 */
#pragma once

#include <glib.h>

#define PST_ZOOM_LEAST 0.01
#define PST_ZOOM_MOST  32.0

typedef struct {
    int picture_width, picture_height; /* 0: no picture */
    int view_width, view_height;       /* logical pixels */
    int scale_factor;                  /* of the screen */
    int margin;                        /* logical pixels around a picture that fits */
    gboolean fit;                      /* the zoom follows the view */
    double zoom;                       /* screen pixels per picture pixel; where it fits, as computed */
    double centre_x, centre_y;         /* the picture's point in the middle of the view */
} PstViewport;

/** Shows all of a picture of that size. */
void pst_viewport_set_picture(PstViewport *viewport, int width, int height);
void pst_viewport_set_view(PstViewport *viewport, int width, int height, int scale_factor);

/** Shows all of the picture, and no pixel larger than life. */
void pst_viewport_fit(PstViewport *viewport);

/** Sets the zoom (it is kept in bounds) so that the picture's point at (x, y) of the view stays there. */
void pst_viewport_zoom_about(PstViewport *viewport, double zoom, double x, double y);

/** Moves the picture by so many logical pixels. */
void pst_viewport_pan(PstViewport *viewport, double dx, double dy);

/** Logical pixels per picture pixel. */
double pst_viewport_scale(const PstViewport *viewport);

/** Where the picture's upper left corner is in the view, at a whole pixel of the screen. */
void pst_viewport_origin(const PstViewport *viewport, double *x, double *y);

void pst_viewport_to_picture(const PstViewport *viewport, double x, double y, double *picture_x, double *picture_y);
