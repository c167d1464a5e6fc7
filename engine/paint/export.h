/* From a photograph to a painting's file: the one way out, for the command line, the window and batches.
 *
 * Rows come from the photograph and go into the file as they are painted, so memory does not grow with the picture's
 * height. Held whole are only photographs that get another size before they are painted, and those that are painted
 * with larger strokes.
 */
#pragma once

#include "engine/picture/row_reader.h"
#include "engine/picture/row_writer.h"
#include "look.h"

G_BEGIN_DECLS

/** What is painted; borrowed. */
typedef struct {
    const char *path;           /* a picture file, read by rows; it is never replaced. Or NULL: */
    const PstPicture *photo;    /* a picture in memory */
    const PstPicture *painting; /* what the look makes of the photograph, where it was painted before; or NULL */
} PstExportSource;

/** What one export is going to take. */
typedef struct {
    int width, height;       /* of the result */
    gboolean keeps_features; /* between the passes; otherwise they are computed twice */
    guint64 memory;          /* bytes, at most, besides the program itself */
    guint64 temporary_size;  /* bytes of temporary files */
} PstExportPlan;

/** What it took. */
typedef struct {
    int width, height; /* of the result */
    /* Seconds: in the reader, for the photograph's statistics, for the painting, in the writer. */
    double reading, gathering, painting, writing;
} PstExportEffort;

/** Borrowed. Zero-filled is a good default. */
typedef struct {
    PstWriteOptions write; /* a depth of 0 is the photograph's, of PNG */
    PstReadLimits limits;  /* of the photograph */
    gsize memory;          /* as in PstPainterOptions */

    /* Called on the calling thread; each may be NULL. */
    void (*planned)(const PstExportPlan *plan, gpointer data); /* before it is painted */
    void (*warned)(const char *message, gpointer data);        /* of what is odd about the photograph */
    PstPaintProgress progress;
    gpointer data; /* of all of them */
} PstExportSettings;

/** Paints as `look` says and writes the result to `output`, whose folder is made if it is missing. Returns the path
 *  that the file got (see pst_row_writer_open()), owned by the caller. `effort` may be NULL. NULL with what reading,
 *  painting and writing say, each as a line that names its file; PST_PICTURE_ERROR_EXISTS where the result would
 *  replace the photograph, and PST_PICTURE_ERROR_TOO_BIG before any work is done where the format can't hold it. */
char *pst_export(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstExportSource *source,
                 const char *output, const PstExportSettings *settings, PstExportEffort *effort,
                 GCancellable *cancellable, GError **error);

G_END_DECLS
