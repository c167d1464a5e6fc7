/* pastiche-desktop: the window. A program of its own, so that the command line need not load GTK; `pastiche` without a
 * command becomes it. */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "application.h"
#include "app/common/language.h"

int main(int argc, char **argv)
{
    g_autoptr(PstApplication) application = NULL;

    signal(SIGXFSZ, SIG_IGN); /* a file larger than is allowed is an error of writing, and no end */
    setlocale(LC_ALL, "");
    pst_language_begin();
    g_set_prgname(PST_APPLICATION_ID);
    g_set_application_name("Pastiche");
    application = pst_application_new();
    return g_application_run(G_APPLICATION(application), argc, argv);
}
