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
#include "region_panel.h"
#include "style_page.h"
#include "train_dialog.h"

G_BEGIN_DECLS

struct _PstWindow {
    GtkApplicationWindow parent_instance;
    GtkWidget *title, *subtitle, *overlay, *stack, *progress, *pill_revealer, *pill_label, *stop_button, *zoom_label,
        *results_revealer, *sidebar_revealer, *pages, *split_button, *export_button;
    PstEmptyPage *empty_page;
    PstCanvas *canvas;
    PstHistoryStrip *history_strip;
    PstStylePage *style_page;
    PstAdjustPanel *adjust_panel;
    PstRegionPanel *region_panel;
    PstMessageBar *message_bar;
    GMenu *recent_menu;

    PstEngineService *service;
    PstDocument *document;
    PstStyleList *style_list; /* of the application */
    PstThumbnailList *thumbnails;
    PstSession *session;
    char *left_behind; /* a session that is offered to be restored, or NULL */
    PstExportOptions export_options;
    PstExportItem *exporting;   /* or NULL */
    double share, seconds_left; /* of the painting */
    guint pill_timer;
    PstTrainingRun *training; /* the latest one shown here, or NULL */
    GtkWidget *train_dialog;  /* or NULL */
    PstStyleItem *removed;    /* the style that was deleted last, to bring it back; or NULL */
    gboolean stopped;         /* the painting is not at full size because the user said so */
};

/* window_actions.c */
void pst_window_install_actions(PstWindowClass *klass);
void pst_window_update_actions(PstWindow *window);

/* window_recipe.c */
void pst_window_open_recipe(PstWindow *window, const char *path);
void pst_window_take_recipe(PstWindow *window);
void pst_window_save_recipe(PstWindow *window);

/* window_open.c */
void pst_window_choose_photo(PstWindow *window);
void pst_window_choose_folder(PstWindow *window);
void pst_window_choose_style(PstWindow *window);
void pst_window_add_style_file(PstWindow *window, GFile *file);
void pst_window_show_sample(PstWindow *window);
void pst_window_open_sample(PstWindow *window);
void pst_window_fill_recent(PstWindow *window);

/* window_transfer.c */
void pst_window_paste(PstWindow *window);
void pst_window_accept_drops(PstWindow *window, GtkWidget *widget);

/* window_export.c */
void pst_window_ask_export(PstWindow *window);
void pst_window_copy(PstWindow *window);
void pst_window_batch(PstWindow *window, const char *const *paths);

/* window_styles.c */
void pst_window_install_style_actions(GtkWidgetClass *widget_class);
void pst_window_add_style(PstWindow *window, const char *path);
void pst_window_note_styles(PstWindow *window);
void pst_window_end_styles(PstWindow *window);

/* window.c */
gboolean pst_window_is_open(PstWindow *window); /* what was waited for may come too late */
void pst_window_tell(PstWindow *window, const char *text, const char *button, const char *detailed_action);
void pst_window_tell_error(PstWindow *window, const GError *error);
void pst_window_update_progress(PstWindow *window);

G_END_DECLS
