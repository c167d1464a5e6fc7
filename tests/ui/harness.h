/* What the tests of the window share: a window on a engine service, waiting, pixels and pictures of it. */
#pragma once

#include "ui/window.h"

G_BEGIN_DECLS

typedef struct {
    PstEngineService *service;
    PstWindow *window;
} Stage;

/** Starts GTK, or skips the whole program with a message where there is no display. Warnings are fatal from then on. */
gboolean harness_init(int *argc, char ***argv);

/** A new window of that size, shown, with its styles read. To look at screenshots: $PST_SIZE (900x600) overrides the
 *  size, $PST_DARK chooses the dark theme, GDK_SCALE=2 a fine screen. */
Stage *stage_new(int width, int height);
void stage_free(Stage *stage);

/** Runs the main loop until the condition holds; the test fails after a minute. */
typedef gboolean (*Condition)(gpointer data);
void spin_until(Condition condition, gpointer data);

/** Runs the main loop until nothing is under way in the window. */
void stage_rest(Stage *stage);

/** Runs the main loop for so many milliseconds. */
void spin_for(guint milliseconds);

/** Opens a photo and waits until it is there. */
void stage_open(Stage *stage, const char *path);

/** A sample of the program, or a photo made up from it at that width, written where tests may write; $PST_LARGEST is
 *  the most that width may be, for slow builds. Owned by the caller. */
char *sample_photo(void);
char *large_photo(int width);

/** A file in the test's own folder. Owned by the caller. */
char *scratch_path(const char *name);

/** The widget of that class and name of a template's child within `root`, depth first; fails the test if there is
 *  none. */
GtkWidget *find_widget(GtkWidget *root, const char *id);

/** Writes a picture of the window to $PST_SCREENSHOTS/NAME.png, where that is set. */
void stage_screenshot(Stage *stage, const char *name);
void window_screenshot(GtkWindow *window, const char *name);

/** The canvas as pixels at the screen's resolution: [height][width] of premultiplied ARGB32. Owned by the caller. */
guint32 *canvas_pixels(Stage *stage, int *width, int *height);

/** Mean difference of the channels of two such pictures, 0 .. 255. */
double pixels_difference(const guint32 *a, const guint32 *b, int count);

G_END_DECLS
