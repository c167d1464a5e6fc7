/* The window's own state, for the files it is made of. */
#pragma once

#include "window.h"

#include "adjust_panel.h"
#include "app/desktop/export_item.h"
#include "app/desktop/session.h"
#include "app/desktop/thumbnail_list.h"
#include "app/desktop/training_run.h"
#include "canvas.h"
#include "empty_page.h"
#include "history_strip.h"
#include "message_bar.h"
#include "region_bar.h"
#include "style_page.h"
#include "tray_strip.h"
#include "train_dialog.h"
#include "video_bar.h"

struct _PstWindow {
    GtkApplicationWindow parent_instance;
    GtkWidget *title, *subtitle, *stack, *progress, *pill_revealer, *pill_label, *stop_button, *zoom_label,
        *results_revealer, *tray_revealer, *paned, *view, *sidebar, *split_button, *regions_button, *menu_button;
    PstEmptyPage *empty_page;
    PstCanvas *canvas;
    PstHistoryStrip *history_strip;
    PstStylePage *style_page;
    PstAdjustPanel *adjust_panel;
    GtkWidget *adjust_scroller; /* holds it */
    PstRegionBar *region_bar;
    PstVideoBar *video_bar;
    PstTrayStrip *tray_strip;
    PstMessageBar *message_bar;
    GMenu *recent_section, *recent_menu;

    PstEngineService *service;
    PstDocument *document;
    PstStyleList *style_list; /* of the application */
    PstThumbnailList *thumbnails;
    PstTray *tray;
    PstSession *session;
    char *left_behind; /* a session that is offered to be restored, or NULL */
    PstExportOptions export_options;
    PstExportItem *exporting;   /* or NULL */
    double share, seconds_left; /* of the painting */
    guint pill_timer;
    int samples;              /* that were read, or could not be */
    char *sample_style;       /* the name of the style that one is painted in there, or NULL */
    PstTrainingRun *training; /* the latest one shown here, or NULL */
    GtkWidget *train_dialog;  /* or NULL */
    GtkWidget *finder_dialog; /* or NULL */
    PstStyleItem *removed;    /* the style that was deleted last, to bring it back; or NULL */
    gboolean results_hidden;  /* the user put them away */
    gboolean stopped;         /* the painting is not at full size because the user said so */
};

/* window_actions.c */
void pst_window_install_actions(PstWindowClass *klass);
void pst_window_update_actions(PstWindow *window);
void pst_window_show_sidebar(PstWindow *window, gboolean show);
void pst_window_show_gallery(PstWindow *window, gboolean gallery); /* styles have all of the window, or not */

/* window_recipe.c */
void pst_window_open_recipe(PstWindow *window, const char *path);
void pst_window_take_recipe(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_save_recipe(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_open.c */
void pst_window_open_damaged(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_choose_photo(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_choose_folder(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_choose_style(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_add_style_file(PstWindow *window, GFile *file);
void pst_window_fill_recent(PstWindow *window);

/* window_samples.c */
void pst_window_show_samples(PstWindow *window);
void pst_window_show_demo(PstWindow *window);
void pst_window_end_demo(PstWindow *window);
void pst_window_try_sample(PstWindow *window, int number);
void pst_window_open_sample(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_video.c */
void pst_window_copy_video_command(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_print.c */
void pst_window_print(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_share.c */
void pst_window_set_wallpaper(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_mail(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_open_with(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_copy_file(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_project.c */
void pst_window_open_project(PstWindow *window, const char *path);
void pst_window_save_project(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_transfer.c */
void pst_window_paste(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_accept_drops(PstWindow *window, GtkWidget *widget);

/* window_export.c */
void pst_window_ask_export(GtkWidget *widget, const char *action, GVariant *parameter);
typedef void (*PstUseTexture)(PstWindow *window, GdkTexture *texture);
void pst_window_use_painting(PstWindow *window, PstUseTexture use); /* the finished one, at its full size */
void pst_window_copy(GtkWidget *widget, const char *action, GVariant *parameter);
void pst_window_ask_export_all(GtkWidget *widget, const char *action, GVariant *parameter);

/* window_styles.c */
void pst_window_install_style_actions(GtkWidgetClass *widget_class);
void pst_window_add_style(PstWindow *window, const char *path);
void pst_window_note_styles(PstWindow *window);
void pst_window_end_styles(PstWindow *window);

/* window.c */
gboolean pst_window_is_open(PstWindow *window); /* what was waited for may come too late */
void pst_window_tell(PstWindow *window, const char *text, const char *button, const char *detailed_action);
/* That there is a file now, and the way to it; and what is to be known of it, or NULL. */
void pst_window_tell_saved(PstWindow *window, const char *path, const char *warning);
void pst_window_tell_error(PstWindow *window, const GError *error);
void pst_window_update_progress(PstWindow *window);
