/* What a style is practised on: photographs, the user's or the program's own, and pictures made of them. */
#pragma once

#include "corpus.h"
#include "style_images.h"

#include "engine/network/model.h"

G_BEGIN_DECLS

typedef struct {
    int count; /* to practise on */
    PstExample *photos;
    int held_out_count;
    PstExample *held_out;
    GPtrArray *refused; /* char *: one line for each photograph that couldn't be read */
    char *checksum;     /* of all of it */
} PstContentSet;

/** Of a user's photographs at most PST_CONTENT_SET_MOST are read, evenly spread over the folder. */
#define PST_CONTENT_SET_MOST 60

/** Reads the pictures of `folder`. Of five or more every fifth is held out, at most PST_CONTENT_SET_HELD_OUT; of fewer, the
 *  right third of each. NULL when cancelled or when none can be read. */
#define PST_CONTENT_SET_HELD_OUT 6
PstContentSet *pst_content_set_read(const char *folder, PstThreadPool *pool, GCancellable *cancellable, GError **error);
void pst_content_set_free(PstContentSet *content_set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstContentSet, pst_content_set_free)

/** Adds `count` synthetic photographs: ones to practise on, painted by the base model in styles (statistics,
 *  [PST_STYLE_SIZE] each), so that colours and light are met that the photographs don't have. */
void pst_content_set_add_painted(PstContentSet *content_set, const PstModel *model, const float *const *styles,
                              int style_count, int count, guint64 seed, PstThreadPool *pool,
                              GCancellable *cancellable);

/** Adds the pictures that the style is learnt from. */
void pst_content_set_add_exemplars(PstContentSet *content_set, const PstStyleImages *style_images);

G_END_DECLS
