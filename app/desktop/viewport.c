#include "viewport.h"

#include <math.h>

double pst_viewport_scale(const PstViewport *viewport)
{
    return viewport->zoom / MAX(1, viewport->scale_factor);
}

/* Along one axis: a picture smaller than the view is in its middle, a larger one leaves no gap. */
static double bound_centre(double centre, int picture, double view)
{
    if (picture <= view) {
        return picture / 2.0;
    }
    return CLAMP(centre, view / 2, picture - view / 2);
}

static void settle(PstViewport *viewport)
{
    double scale;

    if (viewport->picture_width == 0 || viewport->view_width == 0) {
        return;
    }
    if (viewport->fit) {
        double width = MAX(1, viewport->view_width - 2 * viewport->margin);
        double height = MAX(1, viewport->view_height - 2 * viewport->margin);
        double zoom = MIN(width / viewport->picture_width, height / viewport->picture_height) * viewport->scale_factor;

        viewport->zoom = CLAMP(zoom, PST_ZOOM_LEAST / 10, viewport->scale_factor);
    }
    scale = pst_viewport_scale(viewport);
    viewport->centre_x = bound_centre(viewport->centre_x, viewport->picture_width, viewport->view_width / scale);
    viewport->centre_y = bound_centre(viewport->centre_y, viewport->picture_height, viewport->view_height / scale);
}

void pst_viewport_set_picture(PstViewport *viewport, int width, int height)
{
    viewport->picture_width = width;
    viewport->picture_height = height;
    viewport->centre_x = width / 2.0;
    viewport->centre_y = height / 2.0;
    pst_viewport_fit(viewport);
}

void pst_viewport_set_view(PstViewport *viewport, int width, int height, int scale_factor)
{
    viewport->view_width = width;
    viewport->view_height = height;
    viewport->scale_factor = scale_factor;
    settle(viewport);
}

void pst_viewport_fit(PstViewport *viewport)
{
    viewport->fit = TRUE;
    settle(viewport);
}

void pst_viewport_to_picture(const PstViewport *viewport, double x, double y, double *picture_x, double *picture_y)
{
    double scale = pst_viewport_scale(viewport);

    *picture_x = viewport->centre_x + (x - viewport->view_width / 2.0) / scale;
    *picture_y = viewport->centre_y + (y - viewport->view_height / 2.0) / scale;
}

void pst_viewport_zoom_about(PstViewport *viewport, double zoom, double x, double y)
{
    double picture_x, picture_y, scale;

    pst_viewport_to_picture(viewport, x, y, &picture_x, &picture_y);
    viewport->fit = FALSE;
    viewport->zoom = CLAMP(zoom, PST_ZOOM_LEAST, PST_ZOOM_MOST);
    scale = pst_viewport_scale(viewport);
    viewport->centre_x = picture_x - (x - viewport->view_width / 2.0) / scale;
    viewport->centre_y = picture_y - (y - viewport->view_height / 2.0) / scale;
    settle(viewport);
}

void pst_viewport_pan(PstViewport *viewport, double dx, double dy)
{
    double scale = pst_viewport_scale(viewport);

    viewport->centre_x -= dx / scale;
    viewport->centre_y -= dy / scale;
    settle(viewport);
}

void pst_viewport_origin(const PstViewport *viewport, double *x, double *y)
{
    double scale = pst_viewport_scale(viewport), factor = MAX(1, viewport->scale_factor);

    *x = round((viewport->view_width / 2.0 - viewport->centre_x * scale) * factor) / factor;
    *y = round((viewport->view_height / 2.0 - viewport->centre_y * scale) * factor) / factor;
}
