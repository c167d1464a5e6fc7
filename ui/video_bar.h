/* Below a frame of a video: where it lies in the video, to be moved, and the way to a painting of the whole video. It
 * is there as long as the document's photograph is such a frame. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/document.h"

#define PST_TYPE_VIDEO_BAR pst_video_bar_get_type()
G_DECLARE_FINAL_TYPE(PstVideoBar, pst_video_bar, PST, VIDEO_BAR, GtkWidget)

/** Follows the document, which is borrowed and has to outlive the bar's use. */
void pst_video_bar_set_document(PstVideoBar *bar, PstDocument *document);
