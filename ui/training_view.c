#include "training_view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "loss_curve.h"
#include "time_left.h"

struct _PstTrainingView {
    GtkWidget parent_instance;
    GtkWidget *box, *first, *picture, *placeholder, *headline, *detail, *progress, *stop, *go, *keep, *discard, *again;
    PstLossCurve *curve;
    PstTrainingRun *run;
};

G_DEFINE_FINAL_TYPE(PstTrainingView, pst_training_view, GTK_TYPE_WIDGET)

enum { AGAIN, DISCARDED, SIGNALS };
static guint signals[SIGNALS];

static char *running_text(PstTrainingRun *run)
{
    g_autofree char *left = pst_time_left(pst_training_run_seconds_left(run));

    return pst_training_run_is_fitting(run)
               ? g_strdup_printf(_("Training · step %d of %d%s"), pst_training_run_step(run),
                                 pst_training_run_steps(run), left)
               : g_strdup(_("Looking at the pictures"));
}

/* What a training does at the moment, with the time left: "Training · step 5 of 300 · 1 minute left". The
 * caller's. */
static char *describe(PstTrainingRun *run)
{
    switch (pst_training_run_state(run)) {
    case PST_TRAINING_RUN_RUNNING:
        return running_text(run);
    case PST_TRAINING_RUN_STOPPING:
        return g_strdup(_("Finishing the step"));
    case PST_TRAINING_RUN_DONE:
        return g_strdup(pst_training_run_was_vain(run)
                            ? _("Nothing was better than the style untrained; give more time, or other pictures.")
                            : _("The style is among yours."));
    case PST_TRAINING_RUN_FAILED:
        return g_strdup(pst_training_run_message(run));
    default:
        return pst_training_run_step(run) > 0 ? g_strdup_printf(_("Stopped at step %d of %d"),
                                                                pst_training_run_step(run), pst_training_run_steps(run))
                                              : g_strdup(_("Stopped"));
    }
}

static void show_progress(PstTrainingView *view)
{
    PstTrainingRun *run = view->run;
    int steps = pst_training_run_steps(run), closer = (int)lrint(100 * pst_training_run_gain(run));
    g_autofree char *text = describe(run);
    g_autofree char *headline = closer > 0 ? g_strdup_printf(_("%d %% closer to the pictures"), closer)
                                           : g_strdup_printf(_("Learning %s"), pst_training_run_request(run)->name);
    gboolean done = pst_training_run_state(run) == PST_TRAINING_RUN_DONE;

    gtk_label_set_text(GTK_LABEL(view->headline), headline);
    gtk_label_set_text(GTK_LABEL(view->detail), text);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(view->progress), done ? 1
                                                                    : steps > 0
                                                                        ? (double)pst_training_run_step(run) / steps
                                                                        : 0);
    pst_loss_curve_set(view->curve, pst_training_run_curve(run), pst_training_run_validations(run), steps);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view->curve), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, headline, -1);
}

static void show_texture(PstTrainingView *view)
{
    GdkTexture *texture = pst_training_run_texture(view->run);

    gtk_picture_set_paintable(GTK_PICTURE(view->first), GDK_PAINTABLE(pst_training_run_first_texture(view->run)));
    gtk_picture_set_paintable(GTK_PICTURE(view->picture), texture ? GDK_PAINTABLE(texture) : NULL);
    gtk_widget_set_visible(view->placeholder, texture == NULL);
}

static void show_state(PstTrainingView *view)
{
    PstTrainingRunState state = pst_training_run_state(view->run);
    gboolean stopped = state == PST_TRAINING_RUN_STOPPED || state == PST_TRAINING_RUN_FAILED;
    gboolean under_way = state == PST_TRAINING_RUN_RUNNING || state == PST_TRAINING_RUN_STOPPING;

    gtk_widget_set_visible(view->stop, under_way);
    gtk_widget_set_sensitive(view->stop, state == PST_TRAINING_RUN_RUNNING);
    gtk_widget_set_visible(view->go, stopped);
    gtk_widget_set_visible(view->keep, under_way || (stopped && pst_training_run_step(view->run) > 0));
    gtk_widget_set_sensitive(view->keep, state != PST_TRAINING_RUN_STOPPING);
    gtk_widget_set_visible(view->discard, stopped);
    gtk_widget_set_visible(view->again, state == PST_TRAINING_RUN_DONE);
    show_progress(view);
}

void pst_training_view_set_run(PstTrainingView *view, PstTrainingRun *run)
{
    if (view->run) {
        g_signal_handlers_disconnect_by_data(view->run, view);
    }
    if (g_set_object(&view->run, run) && run) {
        show_texture(view);
        show_state(view);
    }
    if (run) {
        g_signal_connect_swapped(run, "progress", G_CALLBACK(show_progress), view);
        g_signal_connect_swapped(run, "notify::state", G_CALLBACK(show_state), view);
        g_signal_connect_swapped(run, "notify::texture", G_CALLBACK(show_texture), view);
    }
}

static void on_stop(PstTrainingView *view)
{
    pst_training_run_stop(view->run);
}

static void on_go(PstTrainingView *view)
{
    pst_training_run_go(view->run);
}

static void on_keep(PstTrainingView *view)
{
    pst_training_run_keep(view->run);
}

static void on_discard(PstTrainingView *view)
{
    pst_training_run_discard(view->run);
    g_signal_emit(view, signals[DISCARDED], 0);
}

static void on_again(PstTrainingView *view)
{
    g_signal_emit(view, signals[AGAIN], 0);
}

static void pst_training_view_dispose(GObject *object)
{
    PstTrainingView *view = PST_TRAINING_VIEW(object);

    pst_training_view_set_run(view, NULL);
    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_TRAINING_VIEW);
    G_OBJECT_CLASS(pst_training_view_parent_class)->dispose(object);
}

static void pst_training_view_class_init(PstTrainingViewClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    GType type = G_TYPE_FROM_CLASS(klass);

    g_type_ensure(PST_TYPE_LOSS_CURVE);
    G_OBJECT_CLASS(klass)->dispose = pst_training_view_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/training_view.ui");
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, box);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, first);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, picture);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, placeholder);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, headline);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, detail);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, progress);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, curve);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, stop);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, go);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, keep);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, discard);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingView, again);
    signals[AGAIN] = g_signal_new("again", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[DISCARDED] = g_signal_new("discarded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void pst_training_view_init(PstTrainingView *view)
{
    gtk_widget_init_template(GTK_WIDGET(view));
    g_signal_connect_swapped(view->stop, "clicked", G_CALLBACK(on_stop), view);
    g_signal_connect_swapped(view->go, "clicked", G_CALLBACK(on_go), view);
    g_signal_connect_swapped(view->keep, "clicked", G_CALLBACK(on_keep), view);
    g_signal_connect_swapped(view->discard, "clicked", G_CALLBACK(on_discard), view);
    g_signal_connect_swapped(view->again, "clicked", G_CALLBACK(on_again), view);
}
