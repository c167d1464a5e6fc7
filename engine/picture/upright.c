/* Where rows become columns, pixels are stored in tiles. A band of stored rows is written tile by tile, each
 * transposed; tiles of one column lie together. So writing and reading touch long pieces of the file, whatever the
 * picture's height. */
#include "upright.h"

#include "error.h"

#include <string.h>

enum { TILE = 64 }; /* pixels a side */

struct _PstUpright {
    PstTurn turn;
    gsize width, height, pixel_size; /* as stored */
    PstScratchFile *scratch;
    guint8 *band; /* turned only: the last rows put, up to TILE of them */
    gsize put;    /* rows */
};

PstTurn pst_turn_from_orientation(int orientation)
{
    static const PstTurn turns[9] = {
        [2] = { FALSE, FALSE, TRUE }, [3] = { FALSE, TRUE, TRUE }, [4] = { FALSE, TRUE, FALSE },
        [5] = { TRUE, FALSE, FALSE }, [6] = { TRUE, FALSE, TRUE }, [7] = { TRUE, TRUE, TRUE },
        [8] = { TRUE, TRUE, FALSE },
    };
    return turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

void pst_mirror_row(guint8 *row, gsize width, gsize size)
{
    guint8 pixel[16];
    g_assert(size <= sizeof pixel);
    for (gsize i = 0, j = width - 1; i < width / 2; i++, j--) {
        memcpy(pixel, row + i * size, size);
        memcpy(row + i * size, row + j * size, size);
        memcpy(row + j * size, pixel, size);
    }
}

static gsize tiles(gsize side)
{
    return (side + TILE - 1) / TILE;
}

guint64 pst_upright_spill(PstTurn turn, int width, int height, gsize pixel_size)
{
    guint64 w = (guint64)width, h = (guint64)height;
    return turn.turned ? tiles(w) * tiles(h) * TILE * TILE * pixel_size : w * h * pixel_size;
}

guint64 pst_upright_memory(PstTurn turn, int width, int height, gsize pixel_size)
{
    guint64 band = turn.turned ? (guint64)width * TILE * pixel_size : 0;
    return band + pst_scratch_file_memory(pst_upright_spill(turn, width, height, pixel_size));
}

PstUpright *pst_upright_new(PstTurn turn, int width, int height, gsize pixel_size, const char *name, GError **error)
{
    g_autoptr(PstUpright) upright = g_new0(PstUpright, 1);
    upright->turn = turn;
    upright->width = (gsize)width;
    upright->height = (gsize)height;
    upright->pixel_size = pixel_size;
    if (turn.turned && !(upright->band = g_try_malloc_n(TILE * pixel_size, upright->width))) {
        pst_picture_set_error(error, PST_PICTURE_ERROR_MEMORY, name, "not enough memory");
        return NULL;
    }
    upright->scratch = pst_scratch_file_new(pst_upright_spill(turn, width, height, pixel_size), name, error);
    return upright->scratch ? g_steal_pointer(&upright) : NULL;
}

static guint8 *tile_at(const PstUpright *upright, gsize column, gsize row)
{
    return upright->scratch->data + (column * tiles(upright->height) + row) * TILE * TILE * upright->pixel_size;
}

/* Compilers copy pixels of constant size without a call. */
#define TRANSPOSE(size)                                                                                                \
    for (gsize x = 0; x < columns; x++)                                                                                \
        for (gsize y = 0; y < rows; y++)                                                                               \
    memcpy(tile + (x * TILE + y) * (size), band + (y * stride + x) * (size), (size))

static void transpose(const guint8 *band, gsize stride, gsize columns, gsize rows, gsize size, guint8 *tile)
{
    switch (size) {
    case 1:
        TRANSPOSE(1);
        break;
    case 3:
        TRANSPOSE(3);
        break;
    case 4:
        TRANSPOSE(4);
        break;
    default:
        TRANSPOSE(size);
        break;
    }
}

static void put_band(PstUpright *upright, gsize rows)
{
    gsize row = (upright->put - 1) / TILE, size = upright->pixel_size;
    for (gsize column = 0; column < tiles(upright->width); column++) {
        gsize x = column * TILE;
        transpose(upright->band + x * size, upright->width, MIN(TILE, upright->width - x), rows, size,
                  tile_at(upright, column, row));
    }
    pst_scratch_file_touch(upright->scratch, upright->width * TILE * size);
}

void pst_upright_put(PstUpright *upright, const guint8 *row)
{
    gsize size = upright->width * upright->pixel_size;
    if (!upright->turn.turned) {
        memcpy(upright->scratch->data + upright->put++ * size, row, size);
        pst_scratch_file_touch(upright->scratch, size);
        return;
    }
    gsize in_band = upright->put % TILE;
    memcpy(upright->band + in_band * size, row, size);
    upright->put++;
    if (in_band == TILE - 1 || upright->put == upright->height)
        put_band(upright, in_band + 1);
}

static void get_column(PstUpright *upright, gsize x, guint8 *row)
{
    gsize size = upright->pixel_size;
    for (gsize y = 0; y < upright->height; y += TILE)
        memcpy(row + y * size, tile_at(upright, x / TILE, y / TILE) + x % TILE * TILE * size,
               MIN(TILE, upright->height - y) * size);
    pst_scratch_file_touch(upright->scratch, upright->height * size);
}

void pst_upright_get(PstUpright *upright, int y, guint8 *row)
{
    PstTurn turn = upright->turn;
    gsize rows = turn.turned ? upright->width : upright->height;
    gsize width = turn.turned ? upright->height : upright->width;
    gsize stored = turn.bottom_up ? rows - 1 - (gsize)y : (gsize)y;
    if (turn.turned) {
        get_column(upright, stored, row);
    } else {
        memcpy(row, upright->scratch->data + stored * width * upright->pixel_size, width * upright->pixel_size);
        pst_scratch_file_touch(upright->scratch, width * upright->pixel_size);
    }
    if (turn.mirrored)
        pst_mirror_row(row, width, upright->pixel_size);
}

void pst_upright_free(PstUpright *upright)
{
    if (!upright)
        return;
    pst_scratch_file_free(upright->scratch);
    g_free(upright->band);
    g_free(upright);
}
