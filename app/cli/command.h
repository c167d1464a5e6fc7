/* The subcommands, one file each. Each takes the words after its name (argv[0] is the name) and
 * returns an exit status. */
#pragma once

enum {
    PST_EXIT_DONE = 0,
    PST_EXIT_FAILED = 1,   /* some or all of the work could not be done */
    PST_EXIT_USAGE = 2,    /* nothing was tried: the command line is wrong */
    PST_EXIT_RETRY = 75,   /* some of it was the machine's fault: worth another try (EX_TEMPFAIL of sysexits.h) */
    PST_EXIT_SIGNAL = 128, /* plus the number of the signal: 130 after Ctrl-C */
};

int pst_command_stylize(int argc, char **argv);
int pst_command_styles(int argc, char **argv);
int pst_command_style_make(int argc, char **argv);
int pst_command_style_invent(int argc, char **argv);
int pst_command_walk(int argc, char **argv);
int pst_command_train(int argc, char **argv);
int pst_command_video(int argc, char **argv);
int pst_command_verify(int argc, char **argv);
int pst_command_adapt(int argc, char **argv);
int pst_command_augment(int argc, char **argv);
int pst_command_gap(int argc, char **argv);
int pst_command_classify(int argc, char **argv);
int pst_command_classify_train(int argc, char **argv);
int pst_command_info(int argc, char **argv);
