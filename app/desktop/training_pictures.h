/* The pictures that a style is to be trained on, and what the data check says of them: it looks at them anew after
 * every change, away from the main thread.
 *
 * A GListModel of PstTrainingPicture. Property "checking" (boolean, read-only): the pictures are being looked at.
 */
#pragma once

#include <gdk/gdk.h>

/** One of them. Properties, read-only: "name" (string), "texture" (GdkTexture; NULL until it is read, or where it
 *  can't be). */
#define PST_TYPE_TRAINING_PICTURE pst_training_picture_get_type()
G_DECLARE_FINAL_TYPE(PstTrainingPicture, pst_training_picture, PST, TRAINING_PICTURE, GObject)

/** Its file's name, as it is shown; owned by the picture. */
const char *pst_training_picture_name(PstTrainingPicture *picture);

#define PST_TYPE_TRAINING_PICTURES pst_training_pictures_get_type()
G_DECLARE_FINAL_TYPE(PstTrainingPictures, pst_training_pictures, PST, TRAINING_PICTURES, GObject)

PstTrainingPictures *pst_training_pictures_new(void);

/** Adds a picture, or the pictures of a folder; those that are there already, and more than a training takes, are
 *  passed over. */
void pst_training_pictures_add(PstTrainingPictures *pictures, const char *path);

/** Takes one out; those that are not there are passed over. */
void pst_training_pictures_remove(PstTrainingPictures *pictures, PstTrainingPicture *picture);

/** Only those of these names (NULL-terminated) stay. */
void pst_training_pictures_keep(PstTrainingPictures *pictures, const char *const *names);

/** The paths; owned by the caller. */
GStrv pst_training_pictures_paths(PstTrainingPictures *pictures);

/** What the style may be called, of the folder that the pictures lie in ("Monet late" of monet-late), or NULL where
 *  that says nothing. Owned by the caller. */
char *pst_training_pictures_guess_name(PstTrainingPictures *pictures);

gboolean pst_training_pictures_is_checking(PstTrainingPictures *pictures);

/** What was found (pst_data_report_read()); NULL where nothing has been looked at. Owned by the pictures. */
const GPtrArray *pst_training_pictures_report(PstTrainingPictures *pictures);

/** Why they could not be looked at, or NULL. Owned by the pictures. */
const char *pst_training_pictures_message(PstTrainingPictures *pictures);
