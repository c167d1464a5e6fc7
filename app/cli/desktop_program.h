/* The window is a program of its own, pastiche-desktop, which this one becomes: so the command line starts without GTK,
 * and works where it is not installed. */
#pragma once

#include <glib.h>

/** TRUE where the environment names an X11 or Wayland display. */
gboolean pst_desktop_program_has_display(void);

/** Becomes pastiche-desktop with the same arguments. It is looked for beside this program and then where it was
 *  installed. Returns only when that fails, having said why: an exit status. */
int pst_desktop_program_run(char **argv);
