/* Options of a subcommand: GLib's parser, and checked values.
 *
 * Values are taken as text, GLib's G_OPTION_ARG_FILENAME, which is the one kind that any locale
 * lets through unchanged, and checked here. Errors are in G_OPTION_ERROR, one line each.
 */
#pragma once

#include "engine/picture/output.h"

typedef struct {
    const char *command;    /* "pastiche stylize" */
    const char *parameters; /* what follows the options in the usage line */
    const char *summary;    /* paragraphs before and after the list of options */
    const char *description;
} PstUsage;

/** Options of several commands; `text` or `flag` is where their value goes. */
#define PST_OPTION_CONFLICT(text)                                                                                      \
    {                                                                                                                  \
        "on-conflict", 0, 0, G_OPTION_ARG_FILENAME, text,                                                              \
            N_("When the file exists: unique (default; a free name), overwrite or skip"), N_("HOW")                    \
    }
#define PST_OPTION_THREADS(text)                                                                                       \
    {                                                                                                                  \
        "threads", 0, 0, G_OPTION_ARG_FILENAME, text, N_("Threads to use (default: one per processor)"), "N"           \
    }
#define PST_OPTION_JSON(flag)                                                                                          \
    {                                                                                                                  \
        "json", 0, 0, G_OPTION_ARG_NONE, flag, N_("Tell everything as JSON, one object a line"), NULL                  \
    }

/** Parses `argv`, argv[0] left out, into what `entries` and `common` (or NULL) point at. FALSE when the command has to
 *  end at once with `*status`: after --help, or after a mistake that was reported. */
gboolean pst_options_parse(const PstUsage *usage, const GOptionEntry *entries, const GOptionEntry *common, int argc,
                           char **argv, int *status);

/** Reports a mistake and where to read more; returns PST_EXIT_USAGE. */
int pst_options_fail(const PstUsage *usage, const GError *error);

/** `text` as a finite number within low..high; NULL leaves `*value` as it is. `option` is how the
 *  error calls it. */
gboolean pst_option_real(const char *option, const char *text, double low, double high, double *value, GError **error);

/** The same for a whole number. */
gboolean pst_option_whole(const char *option, const char *text, gint64 low, gint64 high, gint64 *value, GError **error);

/** The place of `text` in the NULL-terminated `choices`; NULL leaves `*value` as it is. */
gboolean pst_option_choice(const char *option, const char *text, const char *const *choices, int *value,
                           GError **error);

/** The choice of --on-conflict that `text` is. */
gboolean pst_option_conflict(const char *text, PstConflict *conflict, GError **error);

/** TRUE if `text` is one number and nothing else, finite, without spaces or hexadecimal. */
gboolean pst_parse_real(const char *text, double *value);
