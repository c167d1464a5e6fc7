#include "sheet.h"

#include "engine/picture/writer.h"

#include <string.h>

#define WIDTH      320
#define HEIGHT     240
#define ROWS       6
#define STYLES     6
#define STYLE_STEP 5

typedef struct {
    const PstCorpus *photos;
    const PstStyleBank *bank;
    const PstLossNetwork *encoder;
    const PstGeneratorWeights *weights;
    int styles;
    PstPicture *sheet;
} Painting;

static void place(PstPicture *sheet, const PstMap *rgb, int row, int column)
{
    for (int y = 0; y < HEIGHT; y++) {
        gsize at = (gsize)(row * HEIGHT + y) * sheet->width + column * WIDTH;

        memcpy(sheet->rgb + at * 3, pst_map_at(rgb, y, 0), WIDTH * 3 * sizeof(float));
    }
}

static void paint_row(int row, int worker, gpointer data)
{
    const Painting *p = data;
    const PstExample *e = &p->photos->examples[p->photos->train + row];
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations)
        activations = pst_activations_new(p->encoder, arena, HEIGHT, WIDTH, PST_STYLE_TAPS, FALSE);
    g_autoptr(PstGeneratorGradient) generator = pst_generator_gradient_new(p->weights, arena, HEIGHT, WIDTH);
    PstMap photo = pst_arena_map(arena, HEIGHT, WIDTH, 3);

    pst_example_resample(e, pst_example_whole(e), &photo);
    place(p->sheet, &photo, row, 0);
    pst_loss_network_forward(p->encoder, &photo, activations);
    for (int i = 0; i < p->styles; i++) {
        const float *style = p->bank->valid.style + (gsize)i * STYLE_STEP * PST_STYLE_SIZE;

        pst_generator_gradient_set(generator, activations->taps, style, 1);
        pst_generator_gradient_forward(&generator, 1);
        place(p->sheet, pst_generator_gradient_rgb(generator), row, i + 1);
    }
}

gboolean pst_sheet_write(const char *path, const PstCorpus *photos, const PstStyleBank *bank,
                         const PstLossNetwork *encoder, const PstGeneratorWeights *weights, PstThreadPool *pool,
                         GError **error)
{
    Painting p = { photos, bank, encoder, weights, 0, NULL };
    PstWriteOptions options = { .format = PST_FORMAT_JPEG, .conflict = PST_CONFLICT_OVERWRITE };
    int rows = MIN(ROWS, photos->held_out);
    gboolean good;

    p.styles = MIN(STYLES, (bank->valid.count + STYLE_STEP - 1) / STYLE_STEP);
    p.sheet = pst_picture_new(WIDTH * (1 + p.styles), HEIGHT * rows, FALSE, error);
    if (!p.sheet) {
        return FALSE;
    }
    pst_thread_pool_run(pool, rows, paint_row, &p);
    good = pst_picture_write(p.sheet, path, &options, NULL, NULL, error);
    pst_picture_free(p.sheet);
    return good;
}
