/* What one window works on: a photograph, the look it is to get, the steps that led there, and earlier results.
 *
 * Properties: "photo-name" (string or NULL), "loading", "can-undo", "can-redo" (booleans), "region" (int, the region
 * that edits go to).
 * Signals: "photo-leaving" (): another one is there, and look and results are those of the old one for the last time;
 * "photo-changed" (PstRaster *original or NULL), "look-changed" (), "message" (const char *text); "damaged" (const char
 * *text, const char *path): instead of "message" where pst_document_salvage() may help.
 */
#pragma once

#include <gio/gio.h>

#include "engine/picture/inputs.h"
#include "engine/video/video_info.h"
#include "renderer.h"
#include "result.h"

#define PST_TYPE_DOCUMENT pst_document_get_type()
G_DECLARE_FINAL_TYPE(PstDocument, pst_document, PST, DOCUMENT, GObject)

/** The engine service is borrowed and has to outlive the document. */
PstDocument *pst_document_new(PstEngineService *service);

PstRenderer *pst_document_renderer(PstDocument *document);

/** Opens the picture in a file, or the first frame of a video; the one there is stays until the new one is read.
 *  "message" reports a failure. Of the look stays what applies everywhere: regions of another photograph are not this
 *  one's. */
void pst_document_open(PstDocument *document, const char *path);

/** The same of a damaged file: what is left of it. */
void pst_document_salvage(PstDocument *document, const char *path);

/** The same, to go on where work was left: with this look and these results (PstResult, the newest first; may be
 *  NULL), and of a video with the frame that is shown then. */
void pst_document_resume(PstDocument *document, const char *path, double seconds, PstLook *look, GListModel *results);

/** Goes to the frame that is shown then in the video that is open: look, regions and results stay. A frame that is
 *  being read is given up. */
void pst_document_seek(PstDocument *document, double seconds);

/** The same of pixels that were pasted or dropped: [height][stride] bytes of premultiplied ARGB32 as in
 *  PstRasterStrip. */
void pst_document_open_pixels(PstDocument *document, GBytes *pixels, int width, int height, gsize stride,
                              const char *name);

/** The photograph, or NULL. */
PstPhoto *pst_document_photo(PstDocument *document);

/** The file that it comes from, a picture or a video, or NULL: it was pasted. */
const char *pst_document_path(PstDocument *document);

/** The video that the photograph is a frame of, or NULL. */
const PstVideoInfo *pst_document_video(PstDocument *document);

/** When that frame is shown, in seconds after the video's beginning. */
double pst_document_video_time(PstDocument *document);

/** Whether it is another frame of the video that was open before. */
gboolean pst_document_has_sought(PstDocument *document);

/** The look of the moment. Owned by the document, immutable. */
PstLook *pst_document_look(PstDocument *document);

/** Sets another look, as one step of undo. `merge` as in pst_undo_push(). */
void pst_document_set_look(PstDocument *document, PstLook *look, const char *merge);

/** Ends merging of steps: what comes next is a step of its own. */
void pst_document_settle(PstDocument *document);
void pst_document_undo(PstDocument *document);
void pst_document_redo(PstDocument *document);

int pst_document_region(PstDocument *document);
void pst_document_set_region(PstDocument *document, int region);

/* Edits of the region of the moment. */

/** The one style of the region from now on. */
void pst_document_pick(PstDocument *document, const char *id, const PstStyle *style);
/** Adds a style to the region's mix, or takes it out. A full mix is reported by "message". */
void pst_document_toggle(PstDocument *document, const char *id, const PstStyle *style);

/** Earlier results, the newest first: PstResult. */
GListModel *pst_document_results(PstDocument *document);

/** Gives a result of the photograph a star, or takes it: those with one are there again when the photograph is opened
 *  anew. "message" reports a failure. */
void pst_document_star(PstDocument *document, PstResult *result, gboolean starred);

/** Adds the files that any document shows, and pictures that its styles come from: no output may take their place. */
void pst_document_add_inputs(PstInputs *inputs);

/** Emits "message": for others that work on the document. */
void pst_document_tell(PstDocument *document, const char *message);
