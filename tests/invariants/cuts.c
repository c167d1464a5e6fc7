/* However a picture is cut, its painting is the same, byte by byte: threads, budgets, streams; and a tile's layers are
 * those of the whole map. argv: sample picture, style file. */
#include <string.h>

#include "engine/network/model_private.h"
#include "engine/picture/reader.h"
#include "tests/paint.h"
#include "engine/paint/pipeline.h"
#include "engine/paint/plan.h"

static PstModel *model;
static PstPicture *sample;
static PstStyle *style;

static PstPicture *sized(int width, int height, gboolean alpha)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) resized = pst_picture_resize(sample, width, height, NULL, &error);
    PstPicture *picture = pst_picture_new(width, height, alpha, &error);

    g_assert_no_error(error);
    memcpy(picture->rgb, resized->rgb, (gsize)3 * width * height * sizeof(float));
    for (int i = 0; alpha && i < width * height; i++) {
        picture->alpha[i] = (i % 7) / 6.0f;
    }
    return picture;
}

static PstPicture *paint(const PstPicture *photo, gsize memory, int threads)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    PaintSettings settings = PAINT_SETTINGS;

    settings.memory = memory;
    PstPicture *painted = paint_picture(model, pool, photo, style, &settings, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return painted;
}

static void assert_same(const PstPicture *a, const PstPicture *b)
{
    gsize pixels = (gsize)a->width * a->height;

    g_assert_cmpmem(a->rgb, 3 * pixels * sizeof(float), b->rgb, 3 * pixels * sizeof(float));
    g_assert_true(!a->alpha == !b->alpha);
    if (a->alpha) {
        g_assert_cmpmem(a->alpha, pixels * sizeof(float), b->alpha, pixels * sizeof(float));
    }
}

/* A picture in memory that is read and written by rows, and may fail at one of them. */
typedef struct {
    const PstPicture *photo;
    PstPicture *result;
    int read, written, rewound;
    int bad_row;               /* of the second reading; -1: none */
    GCancellable *cancellable; /* cancelled at the bad row instead */
} Film;

static gboolean read_rows(gpointer data, int rows, float *rgb, float *alpha, GError **error)
{
    Film *film = data;
    gsize row = film->photo->width, at = film->read * row, count = rows * row;

    g_assert_cmpint(film->read + rows, <=, film->photo->height);
    if (film->rewound == 2 && film->bad_row >= film->read && film->bad_row < film->read + rows) {
        if (!film->cancellable) {
            g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED, "film: torn");
            return FALSE;
        }
        g_cancellable_cancel(film->cancellable);
    }
    memcpy(rgb, film->photo->rgb + 3 * at, 3 * count * sizeof(float));
    g_assert_true(!alpha == !film->photo->alpha);
    if (alpha) {
        memcpy(alpha, film->photo->alpha + at, count * sizeof(float));
    }
    film->read += rows;
    return TRUE;
}

static gboolean rewind_rows(gpointer data, GError **error)
{
    Film *film = data;

    film->read = 0;
    film->rewound++;
    return TRUE;
}

static gboolean write_rows(gpointer data, int rows, const float *rgb, const float *alpha, GError **error)
{
    Film *film = data;
    gsize row = film->photo->width, at = film->written * row, count = rows * row;

    g_assert_cmpint(film->written + rows, <=, film->photo->height);
    memcpy(film->result->rgb + 3 * at, rgb, 3 * count * sizeof(float));
    if (film->photo->alpha) {
        memcpy(film->result->alpha + at, alpha, count * sizeof(float));
    }
    film->written += rows;
    return TRUE;
}

static PstPicture *stream(const PstPicture *photo, gsize memory, int threads, int bad_row, GCancellable *cancellable,
                          GError **error)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    g_autoptr(PstPicture) result = pst_picture_new(photo->width, photo->height, photo->alpha != NULL, NULL);
    PaintSettings settings = PAINT_SETTINGS;
    Film film = { photo, result, 0, 0, 0, bad_row, cancellable };
    const PstRowSource source = { .width = photo->width,
                                  .height = photo->height,
                                  .alpha = photo->alpha != NULL,
                                  .read = read_rows,
                                  .rewind = rewind_rows,
                                  .data = &film };
    const PstRowSink sink = { .write = write_rows, .data = &film };

    settings.memory = memory;
    if (!paint_rows(model, pool, &source, &sink, style, &settings, NULL, NULL, cancellable, error)) {
        return NULL;
    }
    g_assert_cmpint(film.written, ==, photo->height);
    return g_steal_pointer(&result);
}

static void check_size(int width, int height, gboolean alpha)
{
    static const int threads[] = { 1, 2, 3, 7 };
    g_autoptr(PstPicture) photo = sized(width, height, alpha);
    g_autoptr(PstPicture) expected = paint(photo, 0, 1);

    g_test_message("%d x %d", width, height);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        /* Where features are kept, and where not. */
        for (int small = 0; small < 2; small++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(PstPicture) painted = paint(photo, small, threads[i]);
            g_autoptr(PstPicture) streamed = stream(photo, small, threads[i], -1, NULL, &error);

            g_assert_no_error(error);
            assert_same(expected, painted);
            assert_same(expected, streamed);
        }
    }
}

static void test_small(void)
{
    for (int i = 0; i < 12; i++) {
        check_size(g_test_rand_int_range(1, 20), g_test_rand_int_range(1, 20), i % 2);
    }
    check_size(1, 1, FALSE);
    check_size(2, 1, FALSE);
}

static void test_odd(void)
{
    check_size(331, 277, FALSE);
    check_size(203, 401, TRUE);
}

/* More tiles than one in a row. */
static void test_wide(void)
{
    check_size(1237, 161, FALSE);
    check_size(5003, 1, FALSE);
}

static void test_tall(void)
{
    check_size(1, 9001, FALSE);
    check_size(19, 2303, TRUE);
}

/* The highest JPEG. */
static void test_highest(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) photo = sized(3, 65500, FALSE);
    g_autoptr(PstPicture) expected = paint(photo, 0, 2);
    g_autoptr(PstPicture) streamed = stream(photo, 1, 3, -1, NULL, &error);

    g_assert_no_error(error);
    assert_same(expected, streamed);
}

static void test_errors(void)
{
    g_autoptr(PstPicture) photo = sized(90, 400, FALSE);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(stream(photo, 1, 2, 350, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED);
    g_clear_error(&error);
    g_assert_null(stream(photo, 1, 2, 350, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Memory for a streamed picture grows with its width alone, but for its flow: two bytes for a square of 256 pixels. */
static void test_memory(void)
{
    gsize memory = (gsize)256 << 20;
    gboolean keeps;

    gsize low = pst_painter_memory(3000, 4000, FALSE, 1, memory, &keeps);
    g_assert_false(keeps);
    gsize high = pst_painter_memory(3000, 60000, FALSE, 1, memory, &keeps);
    g_assert_cmpuint(high - low, ==, pst_flow_bytes(3000, 60000) - pst_flow_bytes(3000, 4000));
    g_assert_cmpuint(high - low, <=, (gsize)3000 * 56000 / 100);
    g_assert_cmpuint(low, <=, memory);
    memory = (gsize)1 << 30;
    pst_painter_memory(3000, 4000, FALSE, 1, memory, &keeps);
    g_assert_true(keeps);
}

static int random_cut(int side)
{
    return g_test_rand_int_range(0, (side + PST_TILE_STEP - 1) / PST_TILE_STEP) * PST_TILE_STEP;
}

static PstRange random_range(int side)
{
    int begin = random_cut(side), end = begin + PST_TILE_STEP + random_cut(side - begin);

    return (PstRange){ begin, MIN(side, end) };
}

static PstStep encoder_step(int layer, int input, int level, PstFeatureStrip *keep)
{
    const PstLayer *shape = &pst_encoder_layers[layer];

    return (PstStep){ .kind = PST_STEP_CONVOLUTION,
                      .level = level,
                      .channels = shape->out,
                      .input = input,
                      .plus = -1,
                      .relu = TRUE,
                      .pool = shape->pool,
                      .keep = keep,
                      .convolution = pst_encoder_layer(pst_model_encoder(model), layer) };
}

static void go_on(int rows, gpointer data)
{
}

/* A chain of the encoder's first seven layers, at any place of a canvas of any size. */
static void test_tile(void)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(1);

    for (int i = 0; i < 20; i++) {
        int width = 8 * g_test_rand_int_range(1, 40), height = 8 * g_test_rand_int_range(1, 30);
        g_autoptr(PstPicture) photo = sized(width, height, FALSE);
        PstFrame frame = { .width = width, .height = height, .held = height, .rgb = photo->rgb };
        PstMap rgb = { .data = photo->rgb, .height = height, .width = width, .channels = 3 };
        PstMap taps[PST_STYLE_TAPS + 1];
        g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
        PstFeatureStrip strips[4];
        const int channels[] = { 0, 16, 32, 64 };

        pst_encoder_taps_new(height, width, taps);
        pst_encoder_run(pst_model_encoder(model), executor, &rgb, taps);
        for (int tap = 1; tap <= 3; tap++) {
            strips[tap] = pst_feature_strip(width, height, tap - 1, channels[tap], FALSE);
            pst_feature_strip_hold(&strips[tap], height >> (tap - 1));
        }
        const PstStep steps[] = {
            { .kind = PST_STEP_PHOTO, .channels = 3, .input = -1, .plus = -1, .photo = &frame },
            encoder_step(0, 0, 0, &strips[1]),
            encoder_step(1, 1, 1, NULL),
            encoder_step(2, 2, 1, &strips[2]),
            encoder_step(3, 3, 2, NULL),
            encoder_step(4, 4, 2, &strips[3]),
        };
        PstRange rows = random_range(height), columns = random_range(width);
        PstTile tile;
        pst_tile_plan(&tile, steps, G_N_ELEMENTS(steps), width, height, rows, columns, PST_BAND_STEP);
        float *kept = pst_floats_new(tile.kept);
        for (int end = rows.begin; end < rows.end;) {
            end = MIN(rows.end, end + PST_BAND_STEP);
            float *arena = pst_floats_new(tile.rings + tile.scratch);
            pst_tile_run(&tile, end, arena, kept, go_on, NULL, NULL);
            pst_floats_free(arena);
        }

        for (int tap = 1; tap <= 3; tap++) {
            int left = columns.begin >> (tap - 1), count = (columns.end >> (tap - 1)) - left;
            gsize bytes = (gsize)count * channels[tap] * sizeof(float);
            g_autofree float *row = g_malloc(bytes);

            for (int y = rows.begin >> (tap - 1); y < rows.end >> (tap - 1); y++) {
                pst_feature_strip_read(&strips[tap], y, left, count, row);
                g_assert_cmpmem(row, bytes, pst_map_at(&taps[tap], y, left), bytes);
            }
            pst_feature_strip_clear(&strips[tap]);
        }
        pst_floats_free(kept);
        for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
            pst_map_clear(&taps[tap]);
        }
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    sample = pst_picture_read(argv[1], NULL, NULL, &error);
    g_assert_no_error(error);
    style = style_at(model, argv[2]);
    g_test_add_func("/cuts/tile", test_tile);
    g_test_add_func("/cuts/small", test_small);
    g_test_add_func("/cuts/odd", test_odd);
    g_test_add_func("/cuts/wide", test_wide);
    g_test_add_func("/cuts/tall", test_tall);
    g_test_add_func("/cuts/highest", test_highest);
    g_test_add_func("/cuts/errors", test_errors);
    g_test_add_func("/cuts/memory", test_memory);
    int status = g_test_run();
    pst_style_free(style);
    pst_picture_free(sample);
    pst_model_free(model);
    return status;
}
