/* What the words after `pastiche stylize` ask for, as checked values. */
#pragma once

#include "options.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/paint/look.h"

G_BEGIN_DECLS

typedef struct {
    char **photos;                    /* at least one */
    char **style_texts;               /* at least one, or NULL: those of the recipe */
    char *recipe;                     /* --recipe: a recipe or a picture that holds one, or NULL */
    char *save_recipe;                /* --save-recipe: a file, or NULL */
    char *output;                     /* -o, or NULL */
    double numbers[PST_LOOK_NUMBERS]; /* of the look, */
    gboolean given[PST_LOOK_NUMBERS]; /* where they were given */
    gboolean keep_colours;
    gsize memory;     /* bytes to work with, or 0: the usual */
    PstFormat format; /* PST_FORMAT_UNKNOWN: as the photograph or by the suffix of -o */
    int depth;        /* bits of PNG results, or 0: as the photograph */
    int quality;      /* 0: the default */
    PstConflict conflict;
    PstMetadata metadata;
    int threads; /* 0: one per processor */
    PstReadLimits limits;
    gboolean no_recipe, recursive, json, statistics;
} PstStylizeRequest;

extern const PstUsage pst_stylize_usage;

/** Parses the command line into `request` (overwritten). FALSE when the command ends at once with `*status`.
 *  Either way free it with pst_stylize_request_clear(). */
gboolean pst_stylize_request_parse(PstStylizeRequest *request, int argc, char **argv, int *status);
void pst_stylize_request_clear(PstStylizeRequest *request);

/** Sets of a look what the command line says about it, styles left out. */
void pst_stylize_request_apply(const PstStylizeRequest *request, PstLook *look);

G_END_DECLS
