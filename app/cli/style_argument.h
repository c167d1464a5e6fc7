/* What stands after --style: "NAME", "FILE", "NAME:WEIGHT" or "FILE:WEIGHT".
 *
 * NAME is the identifier or name of a style of the library, or a part of it if only one has it.
 * FILE is a style file, or any picture, whose style is then worked out. A colon may be part of a
 * name: what follows the last one is a weight only if it is a number above 0, and only if the whole
 * text is no style itself. The styles of a recipe become such arguments too.
 */
#pragma once

#include "engine/picture/reader.h"
#include "engine/paint/look.h"
#include "engine/style/style_cache.h"
#include "engine/style/style_library.h"

typedef struct {
    char *label;      /* short name, for the names of results */
    char *path;       /* the file it comes from */
    char *file;       /* base name of that file, in UTF-8, or NULL: a style of the library */
    char *hash;       /* SHA-256 of that file where it is known, or NULL */
    double weight;    /* 1 by default */
    gboolean picture; /* `path` is a picture */
    gboolean cached;  /* `style` was in the cache */
    PstStyle *style;  /* NULL until pst_style_argument_load() if it is a picture */
} PstStyleArgument;

void pst_style_argument_free(PstStyleArgument *argument);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleArgument, pst_style_argument_free)

/** Finds what `text` stands for. NULL and an error that is ready to be shown: a G_FILE_ERROR when there is
 *  no such style, or what pst_style_read() says. */
PstStyleArgument *pst_style_argument_new(const char *text, const GPtrArray *library, GError **error);

/** The styles of a look that was read from the recipe at `path`, all loaded; free with g_ptr_array_unref(). */
GPtrArray *pst_style_arguments_from_look(const PstLook *look, const char *path);

/** Puts styles, all loaded, into the first region of a look that is not shared. FALSE and an error if there are too
 *  many. */
gboolean pst_style_arguments_add(const GPtrArray *arguments, PstLook *look, GError **error);

/** Works out the style of a picture at the given short side, and its palette where that is wanted, or finds them in the
 *  cache; others have their style already. */
gboolean pst_style_argument_load(PstStyleArgument *argument, PstStyleCache *cache, const PstModel *model,
                                 PstThreadPool *pool, const PstReadLimits *limits, int short_side, gboolean palette,
                                 GCancellable *cancellable, GError **error);

/** The styles of `arguments` (at least one PstStyleArgument, all loaded) mixed by weight; owned by the
 *  caller. */
PstStyle *pst_style_arguments_mix(const GPtrArray *arguments);

/** A short name for the mix, for the names of results: "wave", "wave+my-cat"; owned by the caller. */
char *pst_style_arguments_label(const GPtrArray *arguments);
