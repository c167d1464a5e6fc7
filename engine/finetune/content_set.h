/* The content set of a style: the photographs that it is trained with, and pictures made of them. */
#pragma once

#include "style_images.h"

#include "engine/network/model.h"

typedef struct {
    int count; /* for training */
    PstExample *photos;
    int held_out_count; /* for validation */
    PstExample *held_out;
    GPtrArray *refused; /* char *: one line for each photograph that couldn't be read */
    char *checksum;     /* of all photographs */
} PstContentSet;

/** Of a user's photographs at most PST_CONTENT_SET_MOST are read, evenly spread over the folder. */
#define PST_CONTENT_SET_MOST 60

/** Reads the pictures of `folder`. Of five or more every fifth is held out, at most PST_CONTENT_SET_HELD_OUT; of fewer,
 *  the right third of each. NULL with G_IO_ERROR_CANCELLED, or PST_EXAMPLE_ERROR_FEW when none can be read. */
#define PST_CONTENT_SET_HELD_OUT 6
PstContentSet *pst_content_set_read(const char *folder, PstThreadPool *pool, GCancellable *cancellable, GError **error);
void pst_content_set_free(PstContentSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstContentSet, pst_content_set_free)

/** Adds `count` stylised samples to the training pictures: photographs painted by the base model in styles (statistics,
 *  [PST_STYLE_SIZE] each), so that there are colours and light that the photographs don't have. */
void pst_content_set_add_stylised(PstContentSet *set, const PstModel *model, const float *const *styles,
                                  int style_count, int count, guint64 seed, PstThreadPool *pool,
                                  GCancellable *cancellable);

/** Adds the style images to the training pictures. */
void pst_content_set_add_style_images(PstContentSet *set, const PstStyleImages *images);
