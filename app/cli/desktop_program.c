#include "desktop_program.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "command.h"
#include "console.h"

#define PROGRAM "pastiche-desktop"

gboolean pst_desktop_program_has_display(void)
{
    const char *x11 = g_getenv("DISPLAY"), *wayland = g_getenv("WAYLAND_DISPLAY");

    return (x11 && *x11) || (wayland && *wayland);
}

/* Not reached by name in the PATH: another version may be there. In a build folder the other lies one above; a program
 * that was moved as a whole has the other in libexec beside its own folder. */
static char *near_this_program(const char *place)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;

    return folder ? g_build_filename(folder, place, PROGRAM, NULL) : NULL;
}

int pst_desktop_program_run(char **argv)
{
    static const char *const places[] = { "..", "../libexec" };

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = near_this_program(places[i]);

        if (path) {
            execv(path, argv);
        }
    }
    execv(PASTICHE_LIBEXECDIR G_DIR_SEPARATOR_S PROGRAM, argv);
    pst_console_error(_("%s: can't be started (%s); install Pastiche again, or use a command, see \"pastiche --help\""),
                      PROGRAM, g_strerror(errno));
    return PST_EXIT_FAILED;
}
