/* The application's styles as one window shows them: with the open photograph in each, those on the screen painted
 * first.
 *
 * A GListModel of PstStyleThumbnail, one for each item of the style list. Signal "message" (const char *text).
 */
#pragma once

#include "engine/service/photo.h"
#include "style_list.h"
#include "style_thumbnail.h"

#define PST_TYPE_THUMBNAIL_LIST pst_thumbnail_list_get_type()
G_DECLARE_FINAL_TYPE(PstThumbnailList, pst_thumbnail_list, PST, THUMBNAIL_LIST, GObject)

/** References the style list. The engine service is borrowed and has to outlive the thumbnails. */
PstThumbnailList *pst_thumbnail_list_new(PstEngineService *service, PstStyleList *styles);

/** The photograph that thumbnails show; NULL for the styles' own pictures, as far as no other has been shown. */
void pst_thumbnail_list_set_photo(PstThumbnailList *list, PstPhoto *photo);

/** A thumbnail has come on the screen, or left it. */
void pst_thumbnail_list_show(PstThumbnailList *list, PstStyleThumbnail *thumbnail);
void pst_thumbnail_list_hide(PstThumbnailList *list, PstStyleThumbnail *thumbnail);

/** That of the style of that identifier, or NULL; owned by the list. */
PstStyleThumbnail *pst_thumbnail_list_find(PstThumbnailList *list, const char *id);

/** TRUE while thumbnails are being painted. */
gboolean pst_thumbnail_list_is_busy(PstThumbnailList *list);
