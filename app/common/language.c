#include "language.h"

#include <libintl.h>
#include <locale.h>

/* A program that was moved as a whole still finds what belongs to it. */
static char *beside_program(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;

    return folder ? g_build_filename(folder, "..", "share", "locale", NULL) : NULL;
}

void pst_language_begin(void)
{
    const char *asked = g_getenv("PASTICHE_LOCALE");
    g_autofree char *beside = beside_program();
    const char *folder = asked ? asked : PST_INSTALLED_LOCALE;

    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    if (!asked && beside && g_file_test(beside, G_FILE_TEST_IS_DIR))
        folder = beside;
    bindtextdomain(GETTEXT_PACKAGE, folder);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}

void pst_language_untranslated(void)
{
    setlocale(LC_MESSAGES, "C");
}
