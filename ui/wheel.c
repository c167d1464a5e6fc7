#include "wheel.h"

#define NOTCH 60.0 /* logical pixels */

static gboolean on_scroll(GtkEventControllerScroll *controller, double dx, double dy, GtkScrolledWindow *scroller)
{
    GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment(scroller);

    if (dy == 0) {
        return GDK_EVENT_PROPAGATE;
    }
    gtk_adjustment_set_value(adjustment, gtk_adjustment_get_value(adjustment) + dy * NOTCH);
    return GDK_EVENT_STOP;
}

void pst_wheel_sideways(GtkWidget *scrolled_window)
{
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

    gtk_event_controller_set_propagation_phase(scroll, GTK_PHASE_CAPTURE);
    g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), scrolled_window);
    gtk_widget_add_controller(scrolled_window, scroll);
}
