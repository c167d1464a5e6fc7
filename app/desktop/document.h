/* What one window works on: a photograph, the look it is to get, the steps that led there, and earlier results.
 *
 * Properties: "photo-name" (string or NULL), "loading", "can-undo", "can-redo" (booleans), "region" (int, the region
 * that edits go to).
 * Signals: "photo-changed" (PstRaster *original or NULL), "look-changed" (), "message" (const char *text).
 */
#pragma once

#include <gio/gio.h>

#include "renderer.h"
#include "result.h"

G_BEGIN_DECLS

#define PST_TYPE_DOCUMENT pst_document_get_type()
G_DECLARE_FINAL_TYPE(PstDocument, pst_document, PST, DOCUMENT, GObject)

/** The engine service is borrowed and has to outlive the document. */
PstDocument *pst_document_new(PstEngineService *service);

PstEngineService *pst_document_service(PstDocument *document);
PstRenderer *pst_document_renderer(PstDocument *document);

/** Opens the picture in a file; the one there is stays until the new one is read. A failure is told by "message". */
void pst_document_open(PstDocument *document, const char *path);

/** The same of pixels that were pasted or dropped: [height][stride] bytes of premultiplied ARGB32 as in
 *  PstRasterStrip. */
void pst_document_open_pixels(PstDocument *document, GBytes *pixels, int width, int height, gsize stride,
                              const char *name);

/** The photograph, or NULL. */
PstPhoto *pst_document_photo(PstDocument *document);

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
/** Adds a style to the region's mix, or takes it out. A full mix is told of by "message". */
void pst_document_toggle(PstDocument *document, const char *id, const PstStyle *style);

/** Earlier results, the newest first: PstResult. */
GListModel *pst_document_results(PstDocument *document);

/** For others that work on the document to tell the user something. */
void pst_document_tell(PstDocument *document, const char *message);

G_END_DECLS
