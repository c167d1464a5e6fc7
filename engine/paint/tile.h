/* A tile of the padded picture that is walked through several layers at once.
 *
 * Each step of the tile's chain keeps only its latest rows, in a ring, and makes new ones when the step after it asks:
 * all activations of a tile fit into a level-2 cache, and none but the tile's results are ever written to memory. Steps
 * reach beyond the tile by what the steps after them need, so tiles are independent of each other.
 *
 * The same bytes come from every division into tiles whose sides are multiples of PST_TILE_STEP: steps work on blocks
 * of 4x4 outputs that lie on the same grid in the whole map.
 */
#pragma once

#include <gio/gio.h>

#include "engine/kernel/convolution.h"
#include "engine/network/grain.h"
#include "engine/network/patch_swap.h"
#include "frame.h"
#include "feature_strip.h"

#define PST_TILE_STEP  32
#define PST_TILE_STEPS 8 /* at most in a chain */

typedef enum {
    PST_STEP_PHOTO,       /* reads the padded picture (3 channels) from a photograph's rows */
    PST_STEP_STRIP,       /* reads a strip */
    PST_STEP_POINTWISE,   /* a 1x1 convolution of `input`, of which it is the only reader */
    PST_STEP_SEARCH,      /* around each place of `input`, the number of the patch that it is most alike */
    PST_STEP_PASTE,       /* `plus` with the patches of a search, its `input` */
    PST_STEP_CONVOLUTION, /* a 3x3 convolution of `input` (doubled where `upsample`) + `plus` */
} PstStepKind;

/** Takes `count` pixels of the tile itself, row by row as they are made. */
typedef void (*PstStepSink)(gpointer data, int row, int column, int count, const float *values);

typedef struct {
    PstStepKind kind;
    int level; /* the result has 1/2^level of the padded picture's sides */
    int channels;
    int input; /* steps before this one; -1: none */
    int plus;
    gboolean relu, upsample, pool; /* level is that after pooling */
    const PstConvolution *convolution;
    const float *weight, *bias; /* of a 1x1 convolution */
    const PstPatchSwap *swap;   /* of a search and what is pasted */
    const PstFeatureStrip *strip;
    const PstFrame *photo; /* that a PHOTO step reads; of another: its sink reads the tile's own rows of it */
    PstGrain grain;        /* that a PHOTO step adds */
    PstFeatureStrip *keep; /* receives the tile's own rows; or NULL */
    PstStepSink sink;      /* or NULL */
    gpointer sink_data;
} PstStep;

/* How far a step has come, and what it needs. */
typedef struct {
    PstRange rows, columns; /* that it makes, of the whole map */
    int group;              /* rows made at a time */
    int held;               /* rows in its ring */
    int done;               /* rows before this one are made */
    gsize offset;           /* of the ring among the rings, in floats */
    PstMap map;
    PstView view;
} PstStepState;

typedef struct {
    const PstStep *steps;
    int count;
    int width, height;      /* of the padded picture */
    PstRange rows, columns; /* of the padded picture: the tile */
    PstStepState states[PST_TILE_STEPS];
    gsize rings;   /* floats that they take */
    gsize scratch; /* that its kernels take beside them */
    gsize kept;    /* that are kept of the rings from one run to the next */
} PstTile;

/** Finds out which rows and columns each step of a tile makes: states[i].rows and .columns, and no more. */
void pst_tile_reach(PstTile *tile, const PstStep *steps, int count, int width, int height, PstRange rows,
                    PstRange columns);

/** Plans a tile that is run `step` rows at a time, and sets it to its first row; its begins and ends, and step, are
 *  multiples of PST_TILE_STEP, or the padded picture's end. All sides of the padded picture are multiples of 8. */
void pst_tile_plan(PstTile *tile, const PstStep *steps, int count, int width, int height, PstRange rows,
                   PstRange columns, int step);

/** Called on the working thread when `rows` more rows of the tile (at the level of the last step) are made. */
typedef void (*PstTileAdvance)(int rows, gpointer data);

/** Makes the tile's rows up to row `end` in an arena of tile->rings + tile->scratch floats (64-byte
 *  aligned), which other tiles may use afterwards: the rows that the next run goes on from are kept in `kept`, of
 *  tile->kept floats (NULL where there is but one run). Returns early once cancelled. */
void pst_tile_run(PstTile *tile, int end, float *arena, float *kept, PstTileAdvance advance, gpointer data,
                  GCancellable *cancellable);
