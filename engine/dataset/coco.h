/* COCO's annotations. Private to the room, as are the makers of labelled pictures. */
#pragma once

#include "dataset.h"

void pst_labelled_picture_free(gpointer picture);
void pst_annotations_free(gpointer annotations);

/** A new picture of the dataset, of no class yet; owned by it. */
PstLabelledPicture *pst_dataset_add(PstDataset *dataset, const char *file, const char *split);
void pst_labelled_picture_add_class(PstLabelledPicture *picture, int class);

/** Reads all of a dataset's annotations; `set` has its files (char *). FALSE with an error, or without one where no
 *  file is such. */
gboolean pst_coco_read(PstDataset *dataset, const GPtrArray *files, GHashTable *set, GError **error);

/** For copies: entries and annotations of `picture`, once more, with fresh ids, for its copy called `file`. */
void pst_coco_add_copy(PstAnnotations *annotations, const PstLabelledPicture *picture, const char *file);
