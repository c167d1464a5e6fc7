/* What the words after `pastiche stylize` ask for, as checked values. */
#pragma once

#include "options.h"
#include "style_source.h"

#include "app/common/shard.h"

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"
#include "engine/paint/export.h"
#include "engine/paint/look.h"

typedef struct {
    char **photos;                    /* at least one, those of --files-from among them */
    char **style_texts;               /* or NULL; none here and no source: those of the recipe */
    PstStyleSource source;            /* a style from no file */
    char **region_texts;              /* --region (region_setting.h), or NULL */
    char *recipe;                     /* --recipe: a recipe or a picture that holds one, or NULL */
    char *save_recipe;                /* --save-recipe: a file, or NULL */
    char *output;                     /* -o, or NULL */
    double numbers[PST_LOOK_NUMBERS]; /* of the look, */
    gboolean given[PST_LOOK_NUMBERS]; /* where they were given */
    gboolean keep_colours;
    int finish;       /* a PstFinish, or -1: that of the recipe */
    gsize memory;     /* bytes to work with, or 0: the usual */
    PstFormat format; /* PST_FORMAT_UNKNOWN: as the photograph or by the suffix of -o */
    int depth;        /* bits of PNG results, or 0: as the photograph */
    int quality;      /* 0: the default */
    gboolean pyramid; /* of TIFF results, whatever their size */
    PstConflict conflict;
    PstMetadata metadata;
    int threads; /* 0: one per processor */
    PstReadLimits limits;
    char *manifest;  /* --manifest: a file, or NULL */
    PstShard shard;  /* --shard; its count is 0 where it was not given */
    gboolean resume; /* what is there by the same recipe is left; `conflict` is PST_CONFLICT_SKIP then */
    gboolean no_recipe, recursive, keep_times, json, statistics;
} PstStylizeRequest;

extern const PstUsage pst_stylize_usage;

/** Parses the command line into `request`, which is zero. FALSE when the command ends at once with `*status`. Nothing
 *  that was parsed is freed: a process runs one command. */
gboolean pst_stylize_request_parse(PstStylizeRequest *request, int argc, char **argv, int *status);

/** TRUE if the command line names or describes a style. */
gboolean pst_stylize_request_has_style(const PstStylizeRequest *request);

/** Sets of a look what the command line says about it, styles left out. */
void pst_stylize_request_apply(const PstStylizeRequest *request, PstLook *look);

/** What an export takes from the command line: not what it may not replace, and whom it tells. `recipe`, as it is
 *  stored in results, is borrowed. */
PstExportSettings pst_stylize_request_export(const PstStylizeRequest *request, const char *recipe);

/** Sets a number of the look from the text of an option, or leaves it where that is NULL. FALSE and G_OPTION_ERROR
 *  where it is out of range. A size that is given asks for something: 0, as usual, is none. */
gboolean pst_stylize_request_number(PstStylizeRequest *request, PstLookSetting setting, const char *option,
                                    const char *text, GError **error);
