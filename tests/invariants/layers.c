/* Pictures in several styles: the same as one style after the other laid over each other by their masks, however
 * they are cut, and in no more memory than one style takes. argv: sample picture, style file, style file that wants
 * grain. */
#include <string.h>

#include "engine/picture/reader.h"
#include "tests/paint.h"

static PstModel *model;
static PstPicture *photo;
static PstStyle *flat, *grainy;
static PstMask *left, *round_, *nowhere;

static const PstPaintManner as_all = { .strength = 0.9, .detail = 1 };
static const PstPaintManner faint = { .strength = 0.3, .detail = 0.5 },
                            grey = { .strength = 0.9, .keep_colours = TRUE };
static const PstPaintManner photograph = { .strength = 0, .detail = 1 };

static gsize values(void)
{
    return (gsize)3 * photo->width * photo->height;
}

static PstPicture *paint_layers_of(const PstPaintLayer *list, int count, const PstRowSource *source,
                                   const PstPainterOptions *options, int threads)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    g_autoptr(PstPainter) painter = pst_painter_new(model, pool, source, options, NULL, &error);
    const PstPaintLayers layers = { list, count, 0.9, 1, FALSE };
    PstPicture *painted = NULL;
    const PstRowSink sink = { .picture = &painted };

    g_assert_true(pst_painter_paint(painter, &layers, &sink, NULL, NULL, NULL, &error));
    g_assert_no_error(error);
    return painted;
}

/* What it should be: whole paintings laid over each other. */
static PstPicture *compose(const PstPaintLayer *list, int count)
{
    const PstRowSource source = pst_row_source(photo);
    PstPicture *result = pst_picture_resize(photo, photo->width, photo->height, NULL, NULL);
    g_autofree float *weights = g_new(float, values() / 3);

    memcpy(result->rgb, photo->rgb, values() * sizeof(float));
    for (int i = 0; i < count; i++) {
        const PstPaintLayer alone = { .style = list[i].style, .manner = list[i].manner };
        g_autoptr(PstPicture) painting = paint_layers_of(&alone, 1, &source, NULL, 1);

        for (gsize k = 0; k < values() / 3; k++) {
            weights[k] = 1;
        }
        if (list[i].mask) {
            pst_mask_fill(list[i].mask, photo->width, photo->height, 0, photo->height, weights);
        }
        for (gsize k = 0; k < values(); k++) {
            float below = result->rgb[k];

            result->rgb[k] = list[i].mask ? below + weights[k / 3] * (painting->rgb[k] - below) : painting->rgb[k];
        }
    }
    return result;
}

/* The picture as rows. */
static int next_row;

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    memcpy(rgb, photo->rgb + (gsize)3 * next_row * photo->width, (gsize)3 * rows * photo->width * sizeof(float));
    next_row += rows;
    return TRUE;
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    next_row = 0;
    return TRUE;
}

static void test_layers(void)
{
    const PstPaintLayer lists[][4] = {
        { { flat, NULL, NULL }, { grainy, left, NULL } },
        { { grainy, round_, NULL }, { flat, left, NULL } },
        { { grainy, NULL, NULL }, { flat, NULL, NULL }, { grainy, left, NULL }, { flat, round_, NULL } },
        { { flat, left, NULL } },
        { { grainy, NULL, NULL }, { flat, nowhere, NULL } },
        { { flat, NULL, &faint }, { grainy, left, &grey } },
        { { flat, NULL, NULL }, { grainy, left, &faint }, { flat, round_, &photograph } },
    };
    const int counts[] = { 2, 2, 4, 1, 2, 2, 3 };
    const PstRowSource rows = {
        .width = photo->width, .height = photo->height, .read = read_rows, .rewind = rewind_rows
    };
    const PstRowSource whole = pst_row_source(photo);

    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(PstPicture) expected = compose(lists[i], counts[i]);

        for (int k = 0; k < 6; k++) {
            const PstPainterOptions options = { .memory = (gsize[]){ 0, 1, 24 << 20 }[k % 3], .keep = k == 1 };
            g_autoptr(PstPicture)
                painted = paint_layers_of(lists[i], counts[i], k < 3 ? &rows : &whole, &options, 1 + k % 3);

            g_assert_cmpmem(painted->rgb, values() * sizeof(float), expected->rgb, values() * sizeof(float));
        }
    }
}

/* A manner of its own that is that of all changes no byte. */
static void test_manner_of_all(void)
{
    const PstPaintLayer own[] = { { flat, NULL, &as_all }, { grainy, left, &as_all } };
    const PstPaintLayer common[] = { { flat, NULL, NULL }, { grainy, left, NULL } };
    const PstRowSource source = pst_row_source(photo);

    for (int stroke = 1; stroke <= 2; stroke++) {
        const PstPainterOptions options = { .stroke = stroke };
        g_autoptr(PstPicture) painted = paint_layers_of(own, 2, &source, &options, 2);
        g_autoptr(PstPicture) expected = paint_layers_of(common, 2, &source, &options, 2);

        g_assert_cmpmem(painted->rgb, values() * sizeof(float), expected->rgb, values() * sizeof(float));
    }
}

/* At strength 0 a layer shows the photograph, whatever lies below it, and however large the strokes are. */
static void test_photograph_above(void)
{
    const PstPaintLayer layers[] = { { flat, NULL, NULL }, { grainy, NULL, &photograph } };
    const PstRowSource source = pst_row_source(photo);

    for (int stroke = 1; stroke <= 2; stroke++) {
        const PstPainterOptions options = { .stroke = stroke };
        g_autoptr(PstPicture) painted = paint_layers_of(layers, 2, &source, &options, 2);

        g_assert_cmpmem(painted->rgb, values() * sizeof(float), photo->rgb, values() * sizeof(float));
    }
}

/* Where nothing shows, the photograph stays. */
static void test_nothing(void)
{
    const PstPaintLayer layer = { .style = flat, .mask = nowhere };
    const PstRowSource source = pst_row_source(photo);

    for (int count = 0; count <= 1; count++) {
        g_autoptr(PstPicture) painted = paint_layers_of(&layer, count, &source, NULL, 2);

        g_assert_cmpmem(painted->rgb, values() * sizeof(float), photo->rgb, values() * sizeof(float));
    }
}

/* A painter that was kept doesn't mind which layers it painted before. */
static void test_kept(void)
{
    const PstPaintLayer lists[][2] = { { { flat, NULL, NULL }, { grainy, left, NULL } },
                                       { { grainy, NULL, NULL }, { flat, round_, NULL } } };
    const PstRowSource source = pst_row_source(photo);
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstPainter)
        painter = pst_painter_new(model, pool, &source, &(PstPainterOptions){ .keep = TRUE }, NULL, NULL);

    for (int i = 0; i < 5; i++) {
        const PstPaintLayer *list = lists[i % 2];
        const PstPaintLayers layers = { list, 1 + i % 3 % 2, 0.9, 1, FALSE };
        g_autoptr(PstPicture) expected = paint_layers_of(list, layers.count, &source, NULL, 1);
        g_autoptr(PstPicture) painted = NULL;
        const PstRowSink sink = { .picture = &painted };

        g_assert_true(pst_painter_paint(painter, &layers, &sink, NULL, NULL, NULL, NULL));
        g_assert_cmpmem(painted->rgb, values() * sizeof(float), expected->rgb, values() * sizeof(float));
    }
}

/* Four styles keep to the budget that one style has, at sizes where both are bound by it. */
static void test_memory(void)
{
    for (int height = 4000; height <= 64000; height *= 4) {
        gsize one = pst_painter_memory(4000, height, FALSE, 1, 0, NULL);
        gsize four = pst_painter_memory(4000, height, FALSE, 4, 0, NULL);

        g_test_message("4000 x %d: %.0f MB for one style, %.0f MB for four", height, one / 1e6, four / 1e6);
        g_assert_cmpuint(one, <=, PST_PAINT_MEMORY);
        g_assert_cmpuint(four, <=, PST_PAINT_MEMORY);
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) sample = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    sample = pst_picture_read(argv[1], NULL, NULL, &error);
    g_assert_no_error(error);
    photo = pst_picture_resize(sample, 331, 222, NULL, &error);
    flat = style_at(model, argv[2]);
    grainy = pst_style_read(argv[3], &error);
    g_assert_no_error(error);
    left = pst_mask_new();
    pst_mask_begin(left, PST_MASK_BRUSH, FALSE, 0.3, (PstMaskPoint){ 0, 0.2f });
    pst_mask_extend(left, (PstMaskPoint){ 0.1f, 0.7f });
    round_ = pst_mask_new();
    pst_mask_begin(round_, PST_MASK_BRUSH, FALSE, 0.2, (PstMaskPoint){ 0.6f, 0.3f });
    round_->invert = TRUE;
    nowhere = pst_mask_new();
    g_test_add_func("/layers/compose", test_layers);
    g_test_add_func("/layers/manner-of-all", test_manner_of_all);
    g_test_add_func("/layers/photograph-above", test_photograph_above);
    g_test_add_func("/layers/nothing", test_nothing);
    g_test_add_func("/layers/kept", test_kept);
    g_test_add_func("/layers/memory", test_memory);
    status = g_test_run();
    pst_mask_unref(left);
    pst_mask_unref(round_);
    pst_mask_unref(nowhere);
    pst_style_free(flat);
    pst_style_free(grainy);
    pst_picture_free(photo);
    pst_model_free(model);
    return status;
}
