/* The recipe of a training: every number that its result depends on, as a JSON file. */
#pragma once

#include <glib.h>

#define PST_TRAINING_RECIPE_ERROR pst_training_recipe_error_quark()
GQuark pst_training_recipe_error_quark(void);

typedef enum {
    PST_TRAINING_RECIPE_ERROR_FILE, /* cannot be read, or is not JSON */
    PST_TRAINING_RECIPE_ERROR_KEY,  /* a key is missing, unknown or given twice */
    PST_TRAINING_RECIPE_ERROR_VALUE /* a value is of the wrong type or out of range */
} PstTrainingRecipeError;

/** The terms of the loss, in the order in which they are logged; losses.h says what they are. */
typedef enum {
    PST_LOSS_STYLE,
    PST_LOSS_CONTENT,
    PST_LOSS_NEIGHBOURS, /* fidelity and */
    PST_LOSS_COVERAGE,   /* coverage of neighbour_loss.h */
    PST_LOSS_STRUCTURE4,
    PST_LOSS_STRUCTURE3,
    PST_LOSS_STRUCTURE2,
    PST_LOSS_LIGHT,
    PST_LOSS_CALM,
    PST_LOSS_GRID,
    PST_LOSS_IDENTITY_PIXELS,
    PST_LOSS_RANGE,
    PST_LOSSES
} PstLoss;

/** Their names, as keys of the recipe and in the log; NULL at the end. */
extern const char *const pst_loss_names[PST_LOSSES + 1];

/** Keys of the file are the names of these fields; the weights of the loss terms stand under
 * pst_loss_names. */
typedef struct {
    int steps;           /* of training in all */
    int batch;           /* pictures a step */
    int size;            /* side of a picture in pixels, a multiple of 16 */
    int smallest_window; /* sides of the windows cut out of photographs, resampled to `size` */
    int largest_window;
    int painting_size; /* 0: styles come from the bank; else from crops of paintings of that side, a multiple of 16 */
    int smallest_painting_window; /* sides of these crops, resampled to painting_size */
    int largest_painting_window;
    int places, vectors; /* of a picture and of a painting that are compared at each layer (neighbour_loss.h) */
    double swap;         /* share of the paintings whose patches photographs get (patch_swap.h) */
    int identity;        /* the first so many pictures of a batch have themselves as style */
    int full_detail;     /* the first so many have detail 1, the others a random one */
    double rate;         /* learning rate after warm_up steps, falling to final_rate along half a cosine */
    double final_rate;
    int warm_up;
    double beta1, beta2;     /* decay of Adam's moments */
    double average;          /* decay of the running average of the weights */
    double loss[PST_LOSSES]; /* weight of every term */
    gint64 seed;
    char hash[65]; /* of all of the above, in hexadecimal */
} PstTrainingRecipe;

/** Reads a recipe. Every key must be there and no other. FALSE and PST_TRAINING_RECIPE_ERROR otherwise. */
gboolean pst_training_recipe_read(PstTrainingRecipe *recipe, const char *path, GError **error);

/** The learning rate of a step (0 ..): min(1, (step + 1) / warm_up) times the cosine's. */
double pst_training_recipe_rate(const PstTrainingRecipe *recipe, int step);
