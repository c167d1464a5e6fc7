/* Winograd's minimal filtering F(4x4,3x3) on channels-last maps.
 *
 * A tile of 4x4 outputs depends on a patch of 6x6 inputs. Small linear maps take both into a domain of
 * 36 planes where the convolution is a matrix product per plane:
 *
 *   V = B' patch B        36 planes [vectors of input channels][tile][LANES]
 *   U = G weight G'       36 planes [input channel][output channels of a panel], panel by panel
 *   M = V U               36 planes [tile][output channels of a panel]
 *   output = A' M A
 *
 * A map is processed in chunks of tiles, so that V and M of a chunk stay in the cache. A chunk may
 * span several rows of tiles. Panels are PANEL vectors wide, the last perhaps one.
 */
#pragma once

#include "engine/kernel/kernels.h"
#include "product.h"
#include "convolution_input.h"

enum {
    TILE = 4,
    PATCH = 6,
    PLANES = PATCH * PATCH,
};

/** A position in the row-major walk over the tiles of a range of rows. */
typedef struct {
    int first; /* map row of the first tile's top */
    int row;   /* of tiles */
    int column;
    int columns; /* tiles in a row */
} Walk;

PST_INLINE void walk_on(Walk *walk)
{
    if (++walk->column == walk->columns) {
        walk->column = 0;
        walk->row++;
    }
}

/** Distance in floats between the planes of V, padded so that planes do not share cache sets. */
PST_INLINE gsize plane_size(int vectors, int tiles)
{
    return ((gsize)vectors * tiles + 1) * LANES;
}

/** Tiles in a chunk for maps of so many vectors of channels that V holds. */
int PST_ISA(pst_winograd_tiles)(int vectors);

/** Transforms the patches of the tiles from `walk` on into V. */
void PST_ISA(pst_winograd_input)(const Input *input, Walk walk, int tiles, float *v);

/** Packs weight [out][in][3][3] as U. */
gsize PST_ISA(pst_winograd_packed_size)(int in, int out);
void PST_ISA(pst_winograd_pack)(const float *weight, int in, int out, float *packed);

/** Takes the 36 planes of the tile at `walk`, for one vector of outputs from `channel` on. */
typedef void (*PstWinogradFinish)(gconstpointer data, const float *m, gsize plane, const Walk *walk, int channel);

/** Convolves `tiles` tiles of the input from `walk` on, to `out` channels, and hands each tile to
 * `finish`: for every channel in the order of the walk. */
void PST_ISA(pst_winograd_convolve)(const Input *input, Walk walk, int tiles, const float *packed, int out,
                                    PstWinogradFinish finish, gconstpointer data, float *scratch);
gsize PST_ISA(pst_winograd_convolve_scratch)(int in);
