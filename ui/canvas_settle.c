/* A painting that takes another one's place stroke by stroke: dabs of the new one grow until they cover all. */
#include "canvas_private.h"

#include <adwaita.h>
#include <math.h>

#define SECONDS 0.9
#define DABS    26   /* along the longer side of what is seen */
#define GROWTH  0.35 /* of the time, that one dab takes to grow */

static double chance(guint x, guint y, guint salt)
{
    guint hash = (x * 374761393u + y * 668265263u + salt * 2246822519u) ^ 0x9e3779b9u;

    hash = (hash ^ hash >> 13) * 1274126177u;
    return (double)((hash ^ hash >> 16) & 0xffff) / 0xffff;
}

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    PstCanvas *canvas = PST_CANVAS(widget);
    gint64 now = gdk_frame_clock_get_frame_time(clock);

    canvas->settle_began = canvas->settle_began ? canvas->settle_began : now;
    canvas->settled = (double)(now - canvas->settle_began) / G_USEC_PER_SEC / SECONDS;
    gtk_widget_queue_draw(widget);
    if (canvas->settled < 1) {
        return G_SOURCE_CONTINUE;
    }
    canvas->settle_tick = 0;
    g_clear_pointer(&canvas->before, pst_canvas_layer_free);
    return G_SOURCE_REMOVE;
}

void pst_canvas_stop_settling(PstCanvas *canvas)
{
    if (canvas->settle_tick != 0) {
        gtk_widget_remove_tick_callback(GTK_WIDGET(canvas), canvas->settle_tick);
        canvas->settle_tick = 0;
    }
    g_clear_pointer(&canvas->before, pst_canvas_layer_free);
}

void pst_canvas_settle(PstCanvas *canvas, const PstRaster *painting)
{
    PstCanvasLayer *before = g_steal_pointer(&canvas->painting);

    pst_canvas_set_painting(canvas, painting);
    if (!before || !adw_get_enable_animations(GTK_WIDGET(canvas))) {
        pst_canvas_layer_free(before);
        return;
    }
    canvas->before = before;
    canvas->settled = 0;
    canvas->settle_began = 0;
    canvas->settle_tick = gtk_widget_add_tick_callback(GTK_WIDGET(canvas), on_tick, NULL, NULL);
}

/* One dab, of its own size, direction and time. */
static void add_dab(PstCanvas *canvas, cairo_t *cr, double x, double y, double step, guint column, guint row)
{
    double start = chance(column, row, 1) * (1 - GROWTH), age = (canvas->settled - start) / GROWTH;
    double size = step * 1.25 * sqrt(CLAMP(age, 0, 1));

    if (age <= 0) {
        return;
    }
    cairo_save(cr);
    cairo_translate(cr, x + step * (chance(column, row, 2) - 0.5), y + step * (chance(column, row, 3) - 0.5));
    cairo_rotate(cr, (chance(column, row, 4) - 0.5) * G_PI / 2);
    cairo_scale(cr, 1.6, 1);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, size, 0, 2 * G_PI);
    cairo_restore(cr);
}

void pst_canvas_snapshot_settling(PstCanvas *canvas, GtkSnapshot *snapshot, const graphene_rect_t *area,
                                  const graphene_rect_t *visible)
{
    double step = MAX(visible->size.width, visible->size.height) / DABS;
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, visible);

    for (guint row = 0; (row - 1.0) * step < visible->size.height; row++) {
        for (guint column = 0; (column - 1.0) * step < visible->size.width; column++) {
            add_dab(canvas, cr, visible->origin.x + column * step, visible->origin.y + row * step, step, column, row);
        }
    }
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    cairo_clip(cr);
    pst_canvas_layer_draw(canvas->painting, cr, area, canvas->viewport.scale_factor);
    cairo_destroy(cr);
}
