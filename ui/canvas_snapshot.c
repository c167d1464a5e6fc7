/* How the canvas draws. */
#include "canvas_private.h"

#include <glib/gi18n.h>
#include <math.h>

#define TINT_SIDE    640 /* pixels of the longer side at which a mask is shown */
#define CHECKER      12
#define LABEL_MARGIN 12

static void draw_checkers(GtkSnapshot *snapshot, const graphene_rect_t *area)
{
    static const GdkRGBA light = { 0.8f, 0.8f, 0.8f, 1 }, dark = { 0.6f, 0.6f, 0.6f, 1 };
    const graphene_rect_t tile = GRAPHENE_RECT_INIT(0, 0, 2 * CHECKER, 2 * CHECKER);

    gtk_snapshot_push_repeat(snapshot, area, &tile);
    gtk_snapshot_append_color(snapshot, &light, &tile);
    gtk_snapshot_append_color(snapshot, &dark, &GRAPHENE_RECT_INIT(0, 0, CHECKER, CHECKER));
    gtk_snapshot_append_color(snapshot, &dark, &GRAPHENE_RECT_INIT(CHECKER, CHECKER, CHECKER, CHECKER));
    gtk_snapshot_pop(snapshot);
}

static void draw_label(PstCanvas *canvas, GtkSnapshot *snapshot, const char *text, double x, double y,
                       gboolean to_the_left)
{
    static const GdkRGBA back = { 0, 0, 0, 0.55f }, front = { 1, 1, 1, 1 };
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(canvas), text);
    int width, height;
    GskRoundedRect pill;

    pango_layout_get_pixel_size(layout, &width, &height);
    x = to_the_left ? x - width - 20 : x;
    gsk_rounded_rect_init_from_rect(&pill, &GRAPHENE_RECT_INIT(x, y, width + 20, height + 8), (height + 8) / 2.0f);
    gtk_snapshot_push_rounded_clip(snapshot, &pill);
    gtk_snapshot_append_color(snapshot, &back, &pill.bounds);
    gtk_snapshot_pop(snapshot);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(x + 10, y + 4));
    gtk_snapshot_append_layout(snapshot, layout, &front);
    gtk_snapshot_restore(snapshot);
}

static void draw_split(PstCanvas *canvas, GtkSnapshot *snapshot, const graphene_rect_t *visible)
{
    double x = pst_canvas_split_x(canvas), middle = visible->origin.y + visible->size.height / 2;
    double top = visible->origin.y + LABEL_MARGIN, right = visible->origin.x + visible->size.width;
    cairo_t *cr;

    draw_label(canvas, snapshot, _("Original"), visible->origin.x + LABEL_MARGIN, top, FALSE);
    draw_label(canvas, snapshot, _("Painting"), right - LABEL_MARGIN, top, TRUE);

    cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(x - 24, visible->origin.y, 48, visible->size.height));
    cairo_set_source_rgba(cr, 0, 0, 0, 0.35);
    cairo_rectangle(cr, x - 2, visible->origin.y, 4, visible->size.height);
    cairo_fill(cr);
    cairo_arc(cr, x, middle, 19, 0, 2 * G_PI);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_rectangle(cr, x - 1, visible->origin.y, 2, visible->size.height);
    cairo_fill(cr);
    cairo_arc(cr, x, middle, 18, 0, 2 * G_PI);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.7);
    cairo_set_line_width(cr, 2);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (int side = -1; side <= 1; side += 2) {
        cairo_move_to(cr, x + side * 5, middle - 5);
        cairo_line_to(cr, x + side * 10, middle);
        cairo_line_to(cr, x + side * 5, middle + 5);
    }
    cairo_stroke(cr);
    cairo_destroy(cr);
}

/* The mask as a coverage, small: it is soft, and only for the eye. */
static cairo_surface_t *make_tint(PstCanvas *canvas)
{
    int width = canvas->viewport.picture_width, height = canvas->viewport.picture_height;
    double shrink = MIN(1, (double)TINT_SIDE / MAX(width, height));
    g_autofree float *values = NULL;
    cairo_surface_t *surface;
    guchar *data;
    int stride;

    width = MAX(1, (int)round(width * shrink));
    height = MAX(1, (int)round(height * shrink));
    values = g_new(float, (gsize)width *height);
    pst_mask_fill(canvas->mask, width, height, 0, height, values);
    surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            data[y * stride + x] = (guchar)(values[y * width + x] * 255 + 0.5f);
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_tint(PstCanvas *canvas, GtkSnapshot *snapshot, const graphene_rect_t *area,
                      const graphene_rect_t *visible)
{
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, visible);
    cairo_pattern_t *pattern;

    if (!canvas->tint) {
        canvas->tint = make_tint(canvas);
    }
    cairo_translate(cr, area->origin.x, area->origin.y);
    cairo_scale(cr, area->size.width / cairo_image_surface_get_width(canvas->tint),
                area->size.height / cairo_image_surface_get_height(canvas->tint));
    cairo_set_source_rgba(cr, 0.90, 0.18, 0.36, 0.32);
    pattern = cairo_pattern_create_for_surface(canvas->tint);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_BILINEAR);
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
    cairo_mask(cr, pattern);
    cairo_pattern_destroy(pattern);
    cairo_destroy(cr);
}

static void draw_brush(PstCanvas *canvas, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
    double radius = canvas->brush * MAX(area->size.width, area->size.height), reach = radius + 2;
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT(canvas->pointer_x - reach, canvas->pointer_y - reach, 2 * reach, 2 * reach));

    cairo_arc(cr, canvas->pointer_x, canvas->pointer_y, radius, 0, 2 * G_PI);
    cairo_set_source_rgba(cr, 0, 0, 0, 0.6);
    cairo_set_line_width(cr, 3);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
    cairo_destroy(cr);
}

void pst_canvas_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    PstCanvas *canvas = PST_CANVAS(widget);
    const PstViewport *viewport = &canvas->viewport;
    graphene_rect_t area, visible, left, right;
    gboolean painted = (canvas->painting || canvas->arriving) && !canvas->hold;
    gboolean split = canvas->split && painted;
    int factor = viewport->scale_factor;
    gboolean cairo = GSK_IS_CAIRO_RENDERER(gtk_native_get_renderer(gtk_widget_get_native(widget)));

    if (!canvas->original) {
        return;
    }
    pst_canvas_area(canvas, &area);
    if (!graphene_rect_intersection(&area, &GRAPHENE_RECT_INIT(0, 0, viewport->view_width, viewport->view_height),
                                    &visible)) {
        return;
    }
    if (canvas->alpha) {
        draw_checkers(snapshot, &visible);
    }
    left = right = visible;
    if (split) {
        left.size.width = (float)(pst_canvas_split_x(canvas) - visible.origin.x);
        right.origin.x += left.size.width;
        right.size.width -= left.size.width;
    }
    /* Beneath a painting that is on its way, the original is seen until there is a first one. */
    if (split || !painted || !canvas->painting) {
        pst_canvas_layer_snapshot(canvas->original, snapshot, &area, painted && !split ? &visible : &left, factor,
                                  cairo);
    }
    if (painted && canvas->painting) {
        pst_canvas_layer_snapshot(canvas->before ? canvas->before : canvas->painting, snapshot, &area, &right, factor,
                                  cairo);
    }
    if (painted && canvas->painting && canvas->before) {
        pst_canvas_snapshot_settling(canvas, snapshot, &area, &right);
    }
    if (painted && canvas->arriving) {
        pst_canvas_layer_snapshot(canvas->arriving, snapshot, &area, &right, factor, cairo);
    }
    if (canvas->mask && !canvas->hold) {
        draw_tint(canvas, snapshot, &area, &visible);
    }
    if (split) {
        draw_split(canvas, snapshot, &visible);
    }
    if (canvas->hold) {
        draw_label(canvas, snapshot, _("Original"), visible.origin.x + LABEL_MARGIN, visible.origin.y + LABEL_MARGIN,
                   FALSE);
    }
    if (canvas->brush > 0 && canvas->pointer_inside) {
        draw_brush(canvas, snapshot, &area);
    }
}
