/* Pictures that a style is to be learnt from, as thumbnails: dropped here or chosen, each with a button that takes it out.
 *
 * Signal "changed" (): there are others now.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PST_TYPE_PICTURE_WELL pst_picture_well_get_type()
G_DECLARE_FINAL_TYPE(PstPictureWell, pst_picture_well, PST, PICTURE_WELL, GtkWidget)

/** Adds a picture, or the pictures of a folder; those that are there already are passed over. */
void pst_picture_well_add(PstPictureWell *well, const char *path);

/** Only these (NULL-terminated) stay. */
void pst_picture_well_keep(PstPictureWell *well, const char *const *paths);

/** The paths, owned by the caller. */
GStrv pst_picture_well_paths(PstPictureWell *well);

G_END_DECLS
