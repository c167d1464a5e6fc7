/* How a photograph is to be painted: everything that the user can set, as one immutable value.
 *
 * A look is shared by reference between the screen, the list of undo steps and the engine thread. To change one, copy
 * it, change the copy, and share that from then on.
 */
#pragma once

#include "mask.h"
#include "preview.h"
#include "regions.h"

G_BEGIN_DECLS

#define PST_LOOK_STYLES 4 /* mixed in one region, at most */
#define PST_STROKE_MOST 4.0

/** One style of a mix. */
typedef struct {
    char *id;        /* of the library, or the path of the picture or style file that it comes from */
    PstStyle *style; /* owned */
    double weight;   /* above 0 */
} PstLookStyle;

/** What applies in one region. */
typedef struct {
    PstLookStyle styles[PST_LOOK_STYLES];
    int count;
    PstMask *mask; /* NULL: everywhere; owned */
} PstLookRegion;

typedef struct {
    gatomicrefcount references;
    PstLookRegion regions[PST_REGIONS];
    int count;             /* at least 1 */
    double strength;       /* 0 .. 1 */
    double detail;         /* 0 .. 1 */
    double stroke;         /* 1 .. PST_STROKE_MOST: how many times larger strokes are than the network's own */
    gboolean keep_colours;
} PstLook;

/** One region without a style, everything else at its default. */
PstLook *pst_look_new(void);
PstLook *pst_look_copy(const PstLook *look);
PstLook *pst_look_ref(PstLook *look);
void pst_look_unref(PstLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstLook, pst_look_unref)

gboolean pst_look_equal(const PstLook *a, const PstLook *b);

/** TRUE when there is nothing to paint: no region has a style. */
gboolean pst_look_is_plain(const PstLook *look);

/** The names of the styles, for people: "The Great Wave", "The Kiss + The Scream". Owned by the caller. */
char *pst_look_title(const PstLook *look);

/** The styles of a region that has some, mixed by weight. Owned by the caller. */
PstStyle *pst_look_region_mix(const PstLookRegion *region);

/* For a look that is not shared: */

/** Adds a style (copied) to a region, or changes its weight where it is there. FALSE when the region is full. */
gboolean pst_look_region_add(PstLookRegion *region, const char *id, const PstStyle *style, double weight);
void pst_look_region_remove(PstLookRegion *region, int index);
/** The place of a style in the region, or -1. */
int pst_look_region_find(const PstLookRegion *region, const char *id);

/** Adds an empty region on top, with a mask that is nowhere; its number, or -1 when there are PST_REGIONS. */
int pst_look_add_region(PstLook *look);
void pst_look_remove_region(PstLook *look, int index);

/** Paints a photograph so; where the look is plain, a copy of it. `rows` (may be NULL) is told of finished rows where the
 *  painting comes from top to bottom: one region everywhere, strokes of the usual size. Otherwise as
 *  pst_paint_progressively(). */
PstPicture *pst_look_paint(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                           PstPaintProgress progress, PstPaintRows rows, gpointer data, GCancellable *cancellable,
                           GError **error);

/** The same of a preview's photograph, in about half the time. */
PstPicture *pst_look_paint_preview(const PstLook *look, const PstModel *model, PstThreadPool *pool, PstPreview *preview,
                                   GCancellable *cancellable, GError **error);

G_END_DECLS
