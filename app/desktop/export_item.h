/* One picture to be painted at full size and written to a file, in the background.
 *
 * Properties, all read-only: "name" (string, of the photograph), "state" (int, PstExportState), "share" (double),
 * "message" (string: where it went, or why it did not; one sentence).
 */
#pragma once

#include <gio/gio.h>

#include "engine/picture/inputs.h"
#include "engine/picture/writer.h"
#include "engine/service/painting.h"
#include "engine/service/engine_service.h"

typedef enum {
    PST_EXPORT_WAITING,
    PST_EXPORT_RUNNING,
    PST_EXPORT_DONE,
    PST_EXPORT_SKIPPED, /* the file is there already, or it was cancelled */
    PST_EXPORT_FAILED,
} PstExportState;

typedef struct {
    char *folder;
    char *pattern; /* of the file's name without suffix: {photo} is the photograph's, {style} the style's */
    PstFormat format;
    int depth;   /* PNG, TIFF: 8 or 16 */
    int quality; /* JPEG, WebP: 1 .. 100 */
    int side;    /* pixels of the longer side, or 0: as the photograph */
    PstConflict conflict;
    PstMetadata metadata;
    gboolean recipe; /* the file holds how it was made */
} PstExportOptions;

/** JPEG of quality 92 at the photograph's size, without its place, with its recipe; folder is to be set. */
void pst_export_options_init(PstExportOptions *options);
void pst_export_options_copy(const PstExportOptions *options, PstExportOptions *copy);
void pst_export_options_clear(PstExportOptions *options);

/** The path that a photograph of that name would be written to, before any conflict. Slashes in the pattern's values
 *  become hyphens; an empty name becomes "painting". Owned by the caller. */
char *pst_export_options_path(const PstExportOptions *options, const char *name, const PstLook *look);

#define PST_TYPE_EXPORT_ITEM pst_export_item_get_type()
G_DECLARE_FINAL_TYPE(PstExportItem, pst_export_item, PST, EXPORT_ITEM, GObject)

/** Of an open photograph. `painting` (may be NULL) is written as it is if it is of this look. */
PstExportItem *pst_export_item_new(PstPhoto *photo, PstLook *look, PstPainting *painting,
                                   const PstExportOptions *options);

/** Of a file, which is read when its turn comes. */
PstExportItem *pst_export_item_new_for_path(const char *path, PstLook *look, const PstExportOptions *options);

/** Files that the painting may not replace, besides its photograph. */
void pst_export_item_set_inputs(PstExportItem *item, PstInputs *inputs);

/** Queues it. The engine service has to outlive the work. */
void pst_export_item_start(PstExportItem *item, PstEngineService *service);
void pst_export_item_cancel(PstExportItem *item);

const char *pst_export_item_name(PstExportItem *item);
PstExportState pst_export_item_state(PstExportItem *item);
double pst_export_item_share(PstExportItem *item);
double pst_export_item_seconds_left(PstExportItem *item);
const char *pst_export_item_message(PstExportItem *item);

/** What is odd about the photograph, and what of it is lost; or NULL. */
const char *pst_export_item_warning(PstExportItem *item);

/** The file written, or NULL. */
const char *pst_export_item_path(PstExportItem *item);
