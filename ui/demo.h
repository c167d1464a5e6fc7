/* A photograph that is painted under a line that moves over it. Where motion is not wanted, the line stands still; it
 * comes to rest after some rounds.
 */
#pragma once

#include <gtk/gtk.h>

#define PST_TYPE_DEMO pst_demo_get_type()
G_DECLARE_FINAL_TYPE(PstDemo, pst_demo, PST, DEMO, GtkWidget)

#define PST_DEMO_ASPECT 1.5 /* width by height, of the pictures */

/** Both pictures, of the same shape. Begins anew. */
void pst_demo_set(PstDemo *demo, GdkTexture *photo, GdkTexture *painting);
