/* From a photograph to a painting's file: the one way out, for the command line, the window and batches.
 *
 * Rows come from the photograph and go into the file as they are painted, so memory does not grow with the picture's
 * height. Held whole are only photographs that get another size before they are painted, and those that are painted at
 * once with larger strokes. A look that asks for a masterpiece and can't have it (pst_look_is_refinable()) is painted
 * at once.
 */
#pragma once

#include "engine/picture/inputs.h"
#include "engine/picture/row_reader.h"
#include "engine/picture/row_writer.h"
#include "look.h"

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
    double seconds;          /* about; 0: a few at most */
} PstExportPlan;

/** What it took. */
typedef struct {
    int width, height; /* of the result */
    /* Seconds: in the reader, for the photograph's statistics, for the painting, in the writer. */
    double reading, gathering, painting, writing;
} PstExportEffort;

/** Borrowed. Zero-filled is a good default. */
typedef struct {
    PstWriteOptions write; /* a depth of 0 is the photograph's. What made the painting is always told of; the
                            * names of styles and their licences only with a recipe */
    PstReadLimits limits;  /* of the photograph */
    gsize memory;          /* as in PstPainterOptions */
    const PstTileExchange
        *exchange;           /* of a masterpiece, with other processes that paint the same; or NULL. Those that do
                                      * not lead write nothing but parts */
    gboolean keep_times;     /* the result gets the photograph's times of change and of access */
    const PstInputs *inputs; /* what else is never replaced, or NULL */

    /* Called on the calling thread; each may be NULL. */
    void (*planned)(const PstExportPlan *plan, gpointer data); /* before it is painted */
    /* Of what is odd about the photograph, and what of it is lost; `file` is it, or the result where there is none. */
    void (*warned)(const char *file, const char *warning, gpointer data);
    PstPaintProgress progress;
    gpointer data; /* of all of them */
} PstExportSettings;

/** Paints as `look` says and writes the result to `output`, whose folder is made if it is missing. Returns the path
 *  that the file got (see pst_row_writer_open()), owned by the caller. `effort` may be NULL. NULL with what reading,
 *  painting and writing say, each as a line that names its file. Besides, of PST_PICTURE_ERROR: INPUT where the result
 *  would replace the photograph or another of the inputs, and before any work is done TOO_BIG where the format can't
 *  hold it and MEMORY where there is too little. */
char *pst_export(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstExportSource *source,
                 const char *output, const PstExportSettings *settings, PstExportEffort *effort,
                 GCancellable *cancellable, GError **error);

/** Everything about the output that can be known before the work: makes its folder, and is FALSE with EXISTS,
 *  PERMISSION and the like, or INPUT where it would replace the photograph at `path` (or NULL) or another input. */
gboolean pst_export_check_output(const char *path, const char *output, const PstExportSettings *settings,
                                 GError **error);
