#include "file_drop.h"

typedef struct {
    PstFileDrop take;
    gpointer data;
} Taker;

static gboolean on_drop(GtkDropTarget *target, const GValue *value, double x, double y, const Taker *taker)
{
    if (G_VALUE_HOLDS(value, GDK_TYPE_FILE_LIST)) {
        for (GSList *link = g_value_get_boxed(value); link; link = link->next) {
            taker->take(taker->data, link->data);
        }
    } else {
        taker->take(taker->data, g_value_get_object(value));
    }
    return TRUE;
}

static void free_taker(gpointer taker, GClosure *closure)
{
    g_free(taker);
}

void pst_file_drop_accept(GtkWidget *widget, PstFileDrop take, gpointer data)
{
    GtkDropTarget *target = gtk_drop_target_new(G_TYPE_INVALID, GDK_ACTION_COPY);
    GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };
    Taker *taker = g_new(Taker, 1);

    *taker = (Taker){ take, data };
    gtk_drop_target_set_gtypes(target, types, G_N_ELEMENTS(types));
    g_signal_connect_data(target, "drop", G_CALLBACK(on_drop), taker, free_taker, 0);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(target));
}
