#include "video_bar.h"

#include <glib/gi18n.h>

#include "accessible.h"

#define PAUSE        120  /* milliseconds from one frame that is asked for to the next while the slider moves */
#define USUAL_RATE   25.0 /* frames a second, where the video does not say */
#define PAGES        20   /* so many leaps from the beginning to the end */
#define LEAST_LENGTH 1e-3 /* seconds */

struct _PstVideoBar {
    GtkWidget parent_instance;
    GtkWidget *box, *time, *scale, *length, *masterpiece;
    GtkAdjustment *adjustment;
    PstDocument *document;
    guint timer; /* a frame is to be asked for */
    gboolean showing;
};

G_DEFINE_FINAL_TYPE(PstVideoBar, pst_video_bar, GTK_TYPE_WIDGET)

/* "1:02:03.4", or without the part of a second. */
static char *clock_text(double seconds, gboolean tenths)
{
    int parts = (int)(seconds * 10 + 0.5), whole = tenths ? parts / 10 : (int)(seconds + 0.5);
    int hours = whole / 3600, minutes = whole / 60 % 60;
    g_autofree char *text = hours > 0 ? g_strdup_printf("%d:%02d:%02d", hours, minutes, whole % 60)
                                      : g_strdup_printf("%d:%02d", minutes, whole % 60);

    return tenths ? g_strdup_printf("%s.%d", text, parts % 10) : g_steal_pointer(&text);
}

static void show_time(PstVideoBar *bar)
{
    g_autofree char *time = clock_text(gtk_adjustment_get_value(bar->adjustment), TRUE);
    g_autofree char *spoken = g_strdup_printf(_("%s of %s"), time, gtk_label_get_text(GTK_LABEL(bar->length)));

    gtk_label_set_text(GTK_LABEL(bar->time), time);
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, spoken, -1);
}

static gboolean on_timer(gpointer data)
{
    PstVideoBar *bar = data;

    bar->timer = 0;
    pst_document_seek(bar->document, gtk_adjustment_get_value(bar->adjustment));
    return G_SOURCE_REMOVE;
}

/* Moved by hand. Frames are not asked for more often than they can come. */
static void on_value(GtkAdjustment *adjustment, PstVideoBar *bar)
{
    show_time(bar);
    if (!bar->showing && bar->timer == 0) {
        bar->timer = g_timeout_add(PAUSE, on_timer, bar);
    }
}

/* The last frame is the end of the scale: the video's end is shown by none. */
static void show_video(PstVideoBar *bar, const PstVideoInfo *video)
{
    double step = 1 / (video->rate > 0 ? video->rate : USUAL_RATE), last = MAX(0, video->duration - step);
    g_autofree char *length = clock_text(video->duration, FALSE);

    gtk_label_set_text(GTK_LABEL(bar->length), video->duration > 0 ? length : _("length unknown"));
    gtk_widget_set_sensitive(bar->scale, last > 0);
    gtk_adjustment_configure(bar->adjustment, MIN(pst_document_video_time(bar->document), last), 0,
                             MAX(last, LEAST_LENGTH), step, MAX(step, last / PAGES), 0);
    show_time(bar);
}

/* Where a frame could not be read, the scale goes back to the one that is there. */
static void show_frame(PstVideoBar *bar)
{
    const PstVideoInfo *video = pst_document_video(bar->document);
    gboolean loading;

    g_object_get(bar->document, "loading", &loading, NULL);
    if (!video) {
        g_clear_handle_id(&bar->timer, g_source_remove);
    } else if (bar->timer == 0 && !loading) {
        bar->showing = TRUE;
        show_video(bar, video);
        bar->showing = FALSE;
    }
    gtk_widget_set_visible(GTK_WIDGET(bar), video != NULL);
}

static void show_finish(PstVideoBar *bar)
{
    gtk_widget_set_visible(bar->masterpiece, pst_document_look(bar->document)->finish == PST_FINISH_MASTERPIECE);
}

void pst_video_bar_set_document(PstVideoBar *bar, PstDocument *document)
{
    bar->document = document;
    g_signal_connect_object(document, "photo-changed", G_CALLBACK(show_frame), bar, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "notify::loading", G_CALLBACK(show_frame), bar, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "look-changed", G_CALLBACK(show_finish), bar, G_CONNECT_SWAPPED);
    show_finish(bar);
}

static void pst_video_bar_dispose(GObject *object)
{
    g_clear_handle_id(&PST_VIDEO_BAR(object)->timer, g_source_remove);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_VIDEO_BAR);
    G_OBJECT_CLASS(pst_video_bar_parent_class)->dispose(object);
}

static void pst_video_bar_class_init(PstVideoBarClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

    G_OBJECT_CLASS(klass)->dispose = pst_video_bar_dispose;
    gtk_widget_class_set_css_name(widget_class, "videobar");
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/video_bar.ui");
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, box);
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, time);
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, scale);
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, length);
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, masterpiece);
    gtk_widget_class_bind_template_child(widget_class, PstVideoBar, adjustment);
    gtk_widget_class_bind_template_callback(widget_class, on_value);
}

static void pst_video_bar_init(PstVideoBar *bar)
{
    gtk_widget_init_template(GTK_WIDGET(bar));
    pst_accessible_name_buttons(GTK_WIDGET(bar));
}
