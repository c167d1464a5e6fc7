#include "demo.h"

#include <adwaita.h>
#include <math.h>

#define REST   0.42 /* where the line stands still, of the width */
#define ROUND  9.0  /* seconds that the line takes there and back */
#define ROUNDS 3

struct _PstDemo {
    GtkWidget parent_instance;
    GdkTexture *photo, *painting;
    double at; /* of the line, 0 .. 1 of the width */
    gint64 began;
    guint tick;
};

G_DEFINE_FINAL_TYPE(PstDemo, pst_demo, GTK_TYPE_WIDGET)

static gboolean on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    PstDemo *demo = PST_DEMO(widget);
    gint64 now = gdk_frame_clock_get_frame_time(clock);
    double seconds;

    demo->began = demo->began ? demo->began : now;
    seconds = (double)(now - demo->began) / G_USEC_PER_SEC;
    if (seconds >= ROUND * (ROUNDS - 1) && demo->at <= REST) {
        demo->tick = 0;
        return G_SOURCE_REMOVE;
    }
    /* From the photograph alone to hardly any of it, and back. */
    demo->at = 0.52 + 0.48 * cos(2 * G_PI * seconds / ROUND);
    gtk_widget_queue_draw(widget);
    return G_SOURCE_CONTINUE;
}

static void begin(PstDemo *demo)
{
    gboolean moves = adw_get_enable_animations(GTK_WIDGET(demo));

    demo->began = 0;
    demo->at = moves ? 1 : REST;
    if (demo->tick == 0 && moves && demo->painting) {
        demo->tick = gtk_widget_add_tick_callback(GTK_WIDGET(demo), on_tick, NULL, NULL);
    }
    gtk_widget_queue_draw(GTK_WIDGET(demo));
}

void pst_demo_set(PstDemo *demo, GdkTexture *photo, GdkTexture *painting)
{
    g_set_object(&demo->photo, photo);
    g_set_object(&demo->painting, painting);
    gtk_widget_add_css_class(GTK_WIDGET(demo), "shown");
    begin(demo);
}

static void pst_demo_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    PstDemo *demo = PST_DEMO(widget);
    float width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget), x = roundf(demo->at * width);
    const graphene_rect_t whole = GRAPHENE_RECT_INIT(0, 0, width, height);

    if (!demo->painting) {
        return;
    }
    gtk_snapshot_append_texture(snapshot, demo->photo, &whole);
    gtk_snapshot_push_clip(snapshot, &GRAPHENE_RECT_INIT(x, 0, width - x, height));
    gtk_snapshot_append_texture(snapshot, demo->painting, &whole);
    gtk_snapshot_pop(snapshot);
    gtk_snapshot_append_color(snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &GRAPHENE_RECT_INIT(x - 1, 0, 2, height));
}

static GtkSizeRequestMode pst_demo_request_mode(GtkWidget *widget)
{
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* As wide as the window lets it be, and no larger than the pictures. */
static void pst_demo_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                             int *minimum_baseline, int *natural_baseline)
{
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        *minimum = 210;
        *natural = 510;
    } else {
        *minimum = *natural = (int)round((for_size > 0 ? for_size : 210) / PST_DEMO_ASPECT);
    }
}

static void pst_demo_finalize(GObject *object)
{
    g_clear_object(&PST_DEMO(object)->photo);
    g_clear_object(&PST_DEMO(object)->painting);
    G_OBJECT_CLASS(pst_demo_parent_class)->finalize(object);
}

static void pst_demo_class_init(PstDemoClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->finalize = pst_demo_finalize;
    widget_class->snapshot = pst_demo_snapshot;
    widget_class->measure = pst_demo_measure;
    widget_class->get_request_mode = pst_demo_request_mode;
    gtk_widget_class_set_css_name(widget_class, "demo");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void pst_demo_init(PstDemo *demo)
{
    gtk_widget_set_overflow(GTK_WIDGET(demo), GTK_OVERFLOW_HIDDEN);
}
