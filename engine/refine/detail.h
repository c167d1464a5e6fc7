/* Detail: the finer octaves of a picture that is larger than what was refined.
 *
 * Strokes are as large as the picture asks, not as it has pixels: they are refined at a size that the painting's own
 * pixels allow (refine.h), and what lies beyond it, bristles, edges of ink, grain of the canvas, is added here at full
 * size. It begins with the refined picture, enlarged, and some of the photograph's own fine light and shade; then the
 * pyramid's finer octaves alone are optimised, so that fine layers' places are near the painting's at its native size.
 *
 * Each tile of a fixed grid is worked on by one thread, with a margin around it, and tiles fade into one another. So
 * memory grows with the width only, and the same bytes come out on any number of threads.
 */
#pragma once

#include "engine/base/thread_pool.h"
#include "engine/style/palette_vectors.h"
#include "tile_exchange.h"

typedef struct {
    double photo;    /* how much of the photograph's fine light and shade it begins with */
    int half_steps;  /* of Adam at half the size, where the refined picture is less than half as large */
    int steps;       /* at full size */
    int half_layers; /* how many of the network's layers are looked at, 1 .. PST_FEATURE_LAYERS */
    int layers;
    int refresh;  /* steps after which places look for neighbours again */
    double apart; /* weight of the distance to the neighbour beside the angle (layer_loss.h) */
    double rate;  /* of Adam at first; it falls to a tenth */
} PstDetailOptions;

#define PST_DETAIL_DEFAULTS                                                                                            \
    {                                                                                                                  \
        .photo = 0.5, .half_steps = 12, .steps = 8, .half_layers = 8, .layers = 4, .refresh = 4, .apart = 0.3,         \
        .rate = 6e-3                                                                                                   \
    }

/** The steps that a pixel of the whole picture costs, in steps with all layers; `two`: where the refined picture is
 *  less than half as large. */
double pst_detail_work(const PstDetailOptions *options, gboolean two);

/** Reads rows first .. first+rows-1 of the photograph, [rows][width][3]: each row once, from top to bottom. FALSE with
 *  an error ends all. */
typedef gboolean (*PstDetailRead)(int first, int rows, float *rgb, gpointer data, GError **error);

/** Evaluates rows of layer `layer`'s mask, [rows][width], 0..1. */
typedef void (*PstDetailMask)(int layer, int first, int rows, float *weights, gpointer data);

/** Takes rows of the result likewise. */
typedef gboolean (*PstDetailWrite)(int first, int rows, const float *rgb, gpointer data, GError **error);

/** Whether rows are needed. Those that are not are written all the same, but mean nothing where others paint tiles. */
typedef gboolean (*PstDetailWants)(int first, int rows, gpointer data);

typedef void (*PstDetailProgress)(double done, gpointer data);

typedef struct {
    int height, width;   /* at least 16 */
    const PstMap *photo; /* the photograph in the size of the refined picture */
    const PstMap *refined;
    const PstPaletteVectors *const *styles; /* of the layers, the lowest first */
    int count;                              /* of layers, 1 .. */
    PstDetailMask mask; /* of all but the lowest, which is everywhere; NULL where there is but one */
    PstDetailRead read;
    PstDetailWrite write;       /* NULL: tiles are painted for the exchange only, and nothing is waited for */
    PstDetailWants wants;       /* NULL: all */
    PstDetailProgress progress; /* 0..1, on the calling thread; or NULL */
    gpointer data;
    const PstTileExchange *exchange; /* with other processes, or NULL: all tiles are painted here */
} PstDetailPicture;

/** Paints the finer octaves; with 0 steps it only enlarges. FALSE with an error of read() or write(), or
 *  G_IO_ERROR_CANCELLED. */
gboolean pst_detail(const PstFeatureNetwork *network, const PstDetailPicture *picture, const PstDetailOptions *options,
                    PstThreadPool *pool, GCancellable *cancellable, GError **error);
