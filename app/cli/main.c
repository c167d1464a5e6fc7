/* The program `pastiche`: finds the subcommand and hands over. */
#include "command.h"
#include "console.h"
#include "desktop_program.h"
#include "app/common/language.h"

#include <glib.h>
#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct {
    const char *name, *second; /* its one or two words */
    int (*run)(int argc, char **argv);
    const char *purpose;
} commands[] = {
    { "stylize", NULL, pst_command_stylize, N_("paint photographs in a style") },
    { "styles", NULL, pst_command_styles, N_("list the styles there are") },
    { "style", "make", pst_command_style_make, N_("make a style from pictures") },
    { "style", "invent", pst_command_style_invent, N_("make a style that no painting has") },
    { "walk", NULL, pst_command_walk, N_("paint the way from one style to another") },
    { "train", NULL, pst_command_train, N_("train a style of your own on a few pictures") },
    { "video", NULL, pst_command_video, N_("paint a video in a style") },
    { "verify", NULL, pst_command_verify, N_("check that a job of many runs is complete") },
    { "adapt", NULL, pst_command_adapt, N_("give photographs the light of others") },
    { "gap", NULL, pst_command_gap, N_("tell how far apart two sets of pictures are") },
    { "augment", NULL, pst_command_augment, N_("make more of a few labelled pictures") },
    { "classify", "train", pst_command_classify_train, N_("learn to tell classes of pictures apart") },
    { "classify", NULL, pst_command_classify, N_("put pictures into classes") },
    { "info", NULL, pst_command_info, N_("describe picture, style and model files") },
};

static void print_help(void)
{
    pst_console_print("%s", _("Usage:\n"
                              "  pastiche [PHOTO]                      opens the window\n"
                              "  pastiche COMMAND [OPTION...] FILE...\n"
                              "\n"
                              "Turns photographs into paintings, on this machine's processors.\n"
                              "\n"
                              "Commands:\n"));
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *words = g_strjoin(" ", commands[i].name, commands[i].second, NULL);
        pst_console_print("  %-15s %s\n", words, _(commands[i].purpose));
    }
    pst_console_print("  %-15s %s\n", "help", _("explain a command: pastiche help stylize"));
    pst_console_print("%s", _("\n"
                              "Options:\n"
                              "  -h, --help   show this text\n"
                              "  --version    show the version\n"
                              "\n"
                              "Example:\n"
                              "  pastiche stylize photo.jpg --style wave\n"
                              "\n"
                              "Exit status: 0 all done, 1 some or all failed, 2 wrong usage, 75 worth another try,\n"
                              "130 after Ctrl-C.\n"));
}

/* How many of the words name commands[i]: 0 (they don't), 1 or 2. */
static int words_match(gsize i, int argc, char **argv)
{
    if (argc < 1 || strcmp(argv[0], commands[i].name) != 0)
        return 0;
    if (!commands[i].second)
        return 1;
    return argc > 1 && strcmp(argv[1], commands[i].second) == 0 ? 2 : 0;
}

static gboolean is_command(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(word, commands[i].name) == 0)
            return TRUE;
    }
    return FALSE;
}

static int run_command(int argc, char **argv)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        int words = words_match(i, argc, argv);

        if (words > 0)
            return commands[i].run(argc - words + 1, argv + words - 1);
    }
    /* The two commands about styles are one letter apart. */
    if (strcmp(argv[0], "style") == 0)
        pst_console_error(_("style: what to do with it is missing; write \"pastiche style make\""
                            " or \"pastiche style invent\", or \"pastiche styles\" for a list"));
    else
        pst_console_error(_("%s: no such command, and no such file; see \"pastiche --help\""), argv[0]);
    return PST_EXIT_USAGE;
}

/* `pastiche help stylize` is `pastiche stylize --help`. */
static int run_help(int argc, char **argv)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    if (argc == 0) {
        print_help();
        return pst_console_finish();
    }
    for (int i = 0; i < argc; i++)
        g_ptr_array_add(words, argv[i]);
    if (argc == 1 && strcmp(argv[0], "style") == 0)
        g_ptr_array_add(words, "make");
    g_ptr_array_add(words, "--help");
    return run_command((int)words->len, (char **)words->pdata);
}

static int run(int argc, char **argv)
{
    pst_language_begin();
    /* A reader that went away is an error of writing, not the end of the process: a half-written
     * picture is still removed. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* so is a file larger than is allowed */
    g_set_prgname("pastiche");
    /* Each thread would reserve 128 MB of addresses for its few small blocks, and limits count them. */
    mallopt(M_ARENA_MAX, 1);

    if (argc < 2) {
        if (pst_desktop_program_has_display())
            return pst_desktop_program_run(argv);
        pst_console_error(_("a command is missing, and there is no display for the window;"
                            " see \"pastiche --help\""));
        return PST_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return pst_console_finish();
    }
    if (strcmp(argv[1], "--version") == 0) {
        pst_console_print("pastiche %s\n", PASTICHE_VERSION);
        return pst_console_finish();
    }
    if (strcmp(argv[1], "help") == 0)
        return run_help(argc - 2, argv + 2);
    if (!is_command(argv[1]) && g_file_test(argv[1], G_FILE_TEST_EXISTS)) {
        if (pst_desktop_program_has_display())
            return pst_desktop_program_run(argv);
        pst_console_error(_("%s: there is no display to open it on; write \"pastiche stylize %s --style NAME\""),
                          argv[1], argv[1]);
        return PST_EXIT_USAGE;
    }
    return run_command(argc - 1, argv + 1);
}

/* Under a limit of addresses OpenBLAS's threads may never get the memory that they begin with, and its destructor waits
 * for them for ever. */
static gboolean may_hang_at_exit(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);

    if (may_hang_at_exit()) {
        fflush(NULL);
        _exit(status);
    }
    return status;
}
