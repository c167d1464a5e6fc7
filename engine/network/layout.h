/* Layout: where the tensors of a network lie in one array of floats, one after the other. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The place of a tensor. */
typedef struct {
    char name[32]; /* "<layer>.<tensor>", as in a file */
    int dims;
    int shape[4];
    gsize offset, count; /* in floats */
} PstSlot;

/** Makes the slot of a tensor that begins at `offset`. */
PstSlot pst_slot(const char *layer, const char *tensor, int dims, const int *shape, gsize offset);

G_END_DECLS
