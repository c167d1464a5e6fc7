/* The pictures of a style that is to be trained: dropped here or chosen, each with a button that takes it out. */
#pragma once

#include <gtk/gtk.h>

#include "app/desktop/training_pictures.h"

#define PST_TYPE_PICTURE_WELL pst_picture_well_get_type()
G_DECLARE_FINAL_TYPE(PstPictureWell, pst_picture_well, PST, PICTURE_WELL, GtkWidget)

/** What it shows and adds to; once. */
void pst_picture_well_set_pictures(PstPictureWell *well, PstTrainingPictures *pictures);
