/* What `pastiche style make` and `pastiche train` have in common: pictures become a style file. */
#pragma once

#include "options.h"

#include "engine/picture/output.h"
#include "engine/picture/writer.h"

typedef struct {
    char **pictures;                                          /* at least one */
    char *output;                                             /* ends in .style; or NULL: among the user's own styles */
    char *name, *artist, *year, *movement, *author, *licence; /* of the style, or NULL */
    PstConflict conflict;
    int threads; /* 0: one per processor */
} PstStyleRequest;

/** Parses the command line into `request` and into what `entries`, the command's own options, point at. FALSE when
 *  the command ends at once with `*status`. Nothing that was parsed is freed: a process runs one command. */
gboolean pst_style_request_parse(PstStyleRequest *request, const PstUsage *usage, const GOptionEntry *entries, int argc,
                                 char **argv, int *status);

/** Where to write a style of that name, owned by the caller. NULL and an error, PST_PICTURE_ERROR_EXISTS where an
 *  existing file is to be left alone. */
char *pst_style_request_path(const PstStyleRequest *request, const char *name, GError **error);

/** Prints the path that was written, or, where it is NULL, what went wrong. The exit status. */
int pst_style_request_end(const char *written, const GError *error);
