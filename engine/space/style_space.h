/* The space of styles: a small code for every style, and a style for every code.
 *
 * A style's 480 statistics, deviations as logarithms, are standardised over the bank. A variational autoencoder (vae.h)
 * gives them a code of `latent` numbers; its prior is normal, held there by an adversary, so that a random code is a
 * style that could be. What codes don't hold, the rest, is nearly normal too: an invented style gets a random one, a
 * style on a walk keeps its own.
 *
 * data/space.safetensors holds "mean" and "deviation" [480], the layers of the autoencoder, "rest" [r][480], the rest's
 * principal axes times their deviations, "rest_mean" [480], and "colour" [480][9] and "to_colour" [9][480]
 * (style_colour.h); metadata "format" = "pastiche-space-1". `pastiche-pretrain space` trains it.
 */
#pragma once

#include "vae.h"

#include "engine/base/random.h"
#include "engine/network/safetensors_writer.h"
#include "engine/style/style.h"

#define PST_SPACE_FILE   "space.safetensors"
#define PST_SPACE_COLOUR 9
/* Standardised statistics are cut off here. */
#define PST_SPACE_REACH 8.0f

/** Read-only once made, any number of threads may share it. */
typedef struct {
    PstVaeShape shape;
    float *parameters;                                     /* shape.size */
    float mean[PST_STYLE_SIZE], deviation[PST_STYLE_SIZE]; /* of statistics, deviations as logarithms */
    int rests;                                             /* axes of the rest */
    float *rest;                                           /* [rests][PST_STYLE_SIZE] */
    float rest_mean[PST_STYLE_SIZE];                       /* what random codes lack on average */
    float *colour;                                         /* [PST_STYLE_SIZE][PST_SPACE_COLOUR] */
    float *to_colour;                                      /* [PST_SPACE_COLOUR][PST_STYLE_SIZE + 1] */
} PstStyleSpace;

/** An empty space of that shape, to be filled. */
PstStyleSpace *pst_style_space_new(int latent, int hidden, int rests);
void pst_style_space_free(PstStyleSpace *space);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleSpace, pst_style_space_free)

/** Reads a space, strictly. NULL with PST_TENSORS_ERROR. */
PstStyleSpace *pst_style_space_read(const char *path, GError **error);

/** Reads the one in the data folder; also the errors of pst_data_folder(). */
PstStyleSpace *pst_style_space_load_default(GError **error);

/** Writes it, weights as halves. FALSE with PST_TENSORS_ERROR. */
gboolean pst_style_space_write(const PstStyleSpace *space, const char *path, GError **error);

/** Standardised statistics x of a style's statistics, and back. Both [PST_STYLE_SIZE]; may be the same array. */
void pst_style_space_standardise(const PstStyleSpace *space, const float *statistics, float *x);
void pst_style_space_restore(const PstStyleSpace *space, const float *x, float *statistics);

/** The code [latent] of standardised statistics, and the other way round. */
void pst_style_space_encode(const PstStyleSpace *space, const float *x, float *code);
void pst_style_space_decode(const PstStyleSpace *space, const float *code, float *x);

/** A code drawn from the prior. */
void pst_style_space_draw(const PstStyleSpace *space, PstRandom *random, float *code);

/** Brings x back to where styles are: what its code doesn't hold is made no larger than artworks have it. */
void pst_style_space_tame(const PstStyleSpace *space, float *x);

/** Adds a random rest to x, `amount` (1: as much as paintings have) times. */
void pst_style_space_add_rest(const PstStyleSpace *space, PstRandom *random, float amount, float *x);
