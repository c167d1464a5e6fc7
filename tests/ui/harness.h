/* What the tests of the window share: a window on an engine service, waiting, pixels and pictures of it.
 *
 * The window is looked at and worked as from outside: its widgets are found by the names they have in their templates,
 * and by the names of their types; what it works on are the application's models.
 */
#pragma once

#include "app/desktop/thumbnail_list.h"
#include "ui/window.h"

typedef struct {
    PstEngineService *service;
    PstStyleList *styles;
    PstWindow *window;
    PstDocument *document; /* the window's */
    char *told;            /* the sentence that it told last, or NULL */
} Stage;

/** Starts GTK, or skips the whole program with a message where there is no display. Warnings are fatal from then on. */
gboolean harness_init(int *argc, char ***argv);

/* ---- a window ---- */

/** A new window of that size, shown, with its styles read. To look at screenshots: $PST_SIZE (900x600) overrides the
 *  size, $PST_DARK chooses the dark theme, GDK_SCALE=2 a fine screen. */
Stage *stage_new(int width, int height);

/** The same, while the styles are still being read: wait by stage_rest(). */
Stage *stage_begin(int width, int height);
void stage_free(Stage *stage);

/** Another window of the same application, shown; destroy it before the stage is freed. */
PstWindow *stage_new_window(Stage *stage);

/** Opens a photo and waits until it is there. */
void stage_open(Stage *stage, const char *path);
void stage_open_sample(Stage *stage);

/** Hands a file to the window, as a file manager does. */
void stage_open_file(Stage *stage, const char *path);

/** Does what a menu or a key does; `target` is the action's text, or NULL. */
void stage_activate(Stage *stage, const char *action, const char *target);

/** The look of the moment. */
const PstLook *stage_look(Stage *stage);

/** The styles of the grid as they are shown (PstStyleThumbnail), and the nth of them; owned by the window. */
GListModel *window_styles(PstWindow *window);
PstStyleItem *stage_style(Stage *stage, guint index);

/** Picks the nth style of the grid as a click does. */
void stage_pick(Stage *stage, guint index);

/** Makes a style of a picture, or takes in a style file. */
void stage_add_style(Stage *stage, const char *path);

/** Puts away the sentence that the window told. */
void stage_dismiss(Stage *stage);

/** Exports what a window shows into a folder, as its dialog does. */
void window_export(PstWindow *window, const char *folder);

/** Runs the action, chooses the file in the chooser that it opens, and answers with the response. A file that is to be
 *  written has to be in the folder that the chooser begins in. */
void stage_choose(Stage *stage, const char *action, const char *target, const char *path, int response);

/* ---- waiting ---- */

/** Runs the main loop until the condition holds; the test fails after some minutes. */
typedef gboolean (*Condition)(gpointer data);
void spin_until(Condition condition, gpointer data);

/** Runs the main loop until nothing is under way in the window. */
void stage_rest(Stage *stage);
void window_rest(PstWindow *window);

/** Runs the main loop for so many milliseconds. */
void spin_for(guint milliseconds);

/* ---- widgets ---- */

/** The widget of that name in its template within `root`, depth first; fails the test if there is none. */
GtkWidget *find_widget(gpointer root, const char *id);

/** The same by the name of its type. */
GtkWidget *find_type(gpointer root, const char *type);

/** The window of that type that is on the screen, or NULL. */
GtkWindow *find_window(const char *type);

/** Presses a button. */
void click(GtkWidget *button);

/** The widget's first event controller of that type; fails the test if there is none. */
GtkEventController *find_controller(GtkWidget *widget, GType type);

/** Drops a file on a widget that takes files. */
void drop_file(GtkWidget *widget, const char *path);

/* ---- files ---- */

/** A sample of the program, or a photo made up from it at that width, written where tests may write; $PST_LARGEST is
 *  the most that width may be, for slow builds. Owned by the caller. */
char *sample_photo(void);
char *large_photo(int width);

/** A file in the test's own folder. Owned by the caller. */
char *scratch_path(const char *name);

/** The session file of this program's only window, which may not exist at the moment; owned by the caller. */
char *session_path(void);

/** Waits until the session file holds the look of the moment. */
void wait_for_session(Stage *stage);

/* ---- pixels ---- */

/** Writes a picture of the window to $PST_SCREENSHOTS/NAME.png, where that is set. */
void stage_screenshot(Stage *stage, const char *name);
void window_screenshot(GtkWindow *window, const char *name);

/** The canvas as pixels at the screen's resolution: [height][width] of premultiplied ARGB32. Owned by the caller. */
guint32 *canvas_pixels(Stage *stage, int *width, int *height);

/** Mean difference of the channels of two such pictures, 0 .. 255. */
double pixels_difference(const guint32 *a, const guint32 *b, int count);
