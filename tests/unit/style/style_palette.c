/* Palettes of styles: what is kept of paintings, and what comes back of it. */
#include "engine/style/style_palette.h"
#include "tests/damaged.h"
#include "tests/feature_network.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstThreadPool *pool;
    PstFeatureNetwork *network;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    f->pool = pst_thread_pool_new(2);
    f->network = shipped_feature_network();
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_feature_network_free(f->network);
    pst_thread_pool_free(f->pool);
}

static PstPicture *painting(int width, int height, double phase)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int i = 0; i < 3 * width * height; i++) {
        int x = i / 3 % width, y = i / 3 / width;

        picture->rgb[i] = (float)(0.5 + 0.4 * sin(0.21 * x + i % 3 + phase) * cos(0.17 * y - i % 3));
    }
    return picture;
}

static PstStylePalette *palette_of(const Fixture *f, const PstPicture *const *paintings, int count)
{
    g_autoptr(GError) error = NULL;
    PstStylePalette *palette = pst_style_palette_new(f->network, f->pool, paintings, count, NULL, &error);

    g_assert_no_error(error);
    return palette;
}

static double cosine(const float *a, const float *b, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += a[i] * (double)b[i];
    }
    return sum;
}

/* In 8 bits directions are the same but for a hair; lengths and moments are the same. */
static void test_vectors(Fixture *f, gconstpointer data)
{
    const PstPaletteVectorsOptions options = PST_PALETTE_VECTORS_DEFAULTS;
    g_autoptr(PstPicture) picture = painting(160, 120, 0);
    const PstPicture *paintings[] = { picture };
    g_autoptr(PstExecutor) executor = pst_executor_new(f->pool, NULL, NULL, NULL);
    PstMap map = { picture->rgb, 120, 160, 3 };
    g_autoptr(PstPaletteVectors) exact = pst_palette_vectors_new(f->network, executor, &map, 1, &options);
    g_autoptr(PstStylePalette) palette = palette_of(f, paintings, 1);
    g_autoptr(PstPaletteVectors) kept = pst_style_palette_vectors(palette, 0);
    g_autoptr(PstPaletteVectors) smaller = pst_style_palette_vectors(palette, 1);
    g_autoptr(PstFeatureMaps) features = pst_feature_maps_new(120, 160, PST_FEATURE_LAYERS, FALSE);
    float mean[PST_FEATURE_WIDEST], deviation[PST_FEATURE_WIDEST];

    g_assert_cmpint(pst_style_palette_side(palette), ==, 120);
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
            const PstPaletteLayer *a = &exact->octaves[i].layers[layer], *b = &kept->octaves[i].layers[layer];
            int channels = pst_encoder_layers[layer].out;

            g_assert_cmpint(a->count, ==, b->count);
            g_assert_cmpmem(a->length, a->count * sizeof(float), b->length, b->count * sizeof(float));
            g_assert_cmpmem(a->mean, channels * sizeof(float), b->mean, channels * sizeof(float));
            for (int k = 0; k < a->count; k++) {
                gsize at = (gsize)k * channels;

                g_assert_cmpfloat(cosine(a->unit + at, b->unit + at, channels), >, 0.9995);
                g_assert_cmpfloat_with_epsilon(cosine(b->unit + at, b->unit + at, channels), 1, 1e-5);
            }
        }
    }
    g_assert_cmpint(kept->octaves[0].layers[0].count, ==, 304);
    g_assert_cmpint(kept->octaves[0].layers[2].count, ==, 1216);
    g_assert_cmpint(kept->octaves[0].layers[4].count, ==, 760);
    /* At an eighth, 20 x 15 pixels, there is nothing to be seen. */
    g_assert_true(pst_palette_vectors_has(kept, 2));
    g_assert_false(pst_palette_vectors_has(kept, 3));
    g_assert_cmpmem(smaller->octaves[0].layers[5].mean, 64 * sizeof(float), kept->octaves[1].layers[5].mean,
                    64 * sizeof(float));

    pst_feature_maps_see(features, f->network, executor, &map);
    pst_map_moments(&features->layers[5], PST_EPSILON, mean, deviation);
    for (int c = 0; c < 64; c++) {
        g_assert_cmpfloat_with_epsilon(kept->octaves[0].layers[5].mean[c], mean[c], 1e-5);
        g_assert_cmpfloat_with_epsilon(kept->octaves[0].layers[5].deviation[c], deviation[c], 1e-5);
    }
}

static PstTensors *through_file(const PstStylePalette *palette, gsize *bytes)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) file = NULL;
    PstTensors *tensors;

    pst_style_palette_write(palette, writer);
    file = pst_tensors_writer_to_bytes(writer, "a style", &error);
    g_assert_no_error(error);
    *bytes = g_bytes_get_size(file);
    tensors = pst_tensors_from_bytes(file, "a style", NULL, &error);
    g_assert_no_error(error);
    return tensors;
}

static void test_file(Fixture *f, gconstpointer data)
{
    PstPicture *paintings[5];
    g_autoptr(PstStylePalette) palette = NULL, again = NULL, read = NULL;
    g_autoptr(PstTensors) tensors = NULL;
    g_autoptr(GError) error = NULL;
    gsize bytes;

    for (int i = 0; i < 5; i++) {
        paintings[i] = painting(700 + 10 * i, 600, i);
    }
    palette = palette_of(f, (const PstPicture *const *)paintings, 5);
    again = palette_of(f, (const PstPicture *const *)paintings, 5);
    g_assert_cmpint(pst_style_palette_side(palette), ==, PST_PALETTE_SIDE);
    g_assert_true(pst_style_palette_equal(palette, again));
    tensors = through_file(palette, &bytes);
    g_assert_cmpuint(bytes, <=, PST_PALETTE_BYTES);
    g_assert_true(pst_style_palette_present(tensors));
    read = pst_style_palette_read(tensors, "a style", &error);
    g_assert_no_error(error);
    g_assert_true(pst_style_palette_equal(read, palette));
    for (int i = 0; i < 5; i++) {
        pst_picture_free(paintings[i]);
    }
}

/* A file with one value changed is refused. */
static void test_damaged(Fixture *f, gconstpointer data)
{
    static const Fault faults[] = { { "palette.counts", -1, 0 },    { "palette.counts", 1.5f, 3 },
                                    { "palette.counts", 0, 5 },     { "palette.counts", 1e9f, 7 },
                                    { "palette.moments", -1, 9 },   { "palette.lengths", -2, 1 },
                                    { "palette.colours", 4096, 0 }, { "palette.colours", 2, 5 } };
    g_autoptr(PstPicture) picture = painting(64, 64, 0);
    const PstPicture *paintings[] = { picture };
    g_autoptr(PstStylePalette) palette = palette_of(f, paintings, 1);
    gsize bytes;
    g_autoptr(PstTensors) sound = through_file(palette, &bytes);

    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(PstTensors) damaged = damaged_tensors(sound, &faults[i]);
        g_autoptr(GError) error = NULL;

        g_assert_null(pst_style_palette_read(damaged, "a style", &error));
        g_assert_nonnull(error);
        g_assert_true(g_str_has_prefix(error->message, "a style: "));
    }
}

static double mean_of(const PstPaletteVectors *vectors)
{
    return vectors->octaves[0].layers[4].mean[3];
}

static void test_mix(Fixture *f, gconstpointer data)
{
    g_autoptr(PstPicture) first = painting(96, 64, 0), second = painting(128, 96, 2);
    const PstPicture *one[] = { first }, *other[] = { second };
    g_autoptr(PstStylePalette) a = palette_of(f, one, 1), b = palette_of(f, other, 1), mix = NULL, same = NULL;
    g_autoptr(PstPaletteVectors) of_a = pst_style_palette_vectors(a, 0), of_b = pst_style_palette_vectors(b, 0);
    g_autoptr(PstPaletteVectors) mixed = NULL;

    mix = pst_style_palette_mix((const PstStylePalette *const[]){ a, b }, (double[]){ 0.25, 0.75 }, 2);
    same = pst_style_palette_mix((const PstStylePalette *const[]){ b }, (double[]){ 1 }, 1);
    mixed = pst_style_palette_vectors(mix, 0);
    g_assert_cmpint(pst_style_palette_side(mix), ==, 64);
    g_assert_cmpint(mixed->octaves[0].layers[0].count, ==, 304);
    g_assert_cmpfloat_with_epsilon(mean_of(mixed), 0.25 * mean_of(of_a) + 0.75 * mean_of(of_b), 1e-5);
    /* A quarter of the vectors is the first one's. */
    g_assert_cmpmem(mixed->octaves[0].layers[0].unit, 16 * sizeof(float), of_a->octaves[0].layers[0].unit,
                    16 * sizeof(float));
    g_assert_cmpmem(mixed->octaves[0].layers[0].unit + 76 * 16, 16 * sizeof(float), of_b->octaves[0].layers[0].unit,
                    16 * sizeof(float));
    g_assert_cmpint(pst_style_palette_side(same), ==, 96);
}

/* An octave that lacks one layer, as a file may say, is none: nobody looks for neighbours there. */
static void test_octaves(void)
{
    int counts[PST_PALETTE_OCTAVES][PST_FEATURE_LAYERS] = { 0 };
    g_autoptr(PstPaletteVectors) vectors = NULL;

    for (int layer = 0; layer < PST_FEATURE_LAYERS; layer++) {
        counts[0][layer] = counts[1][layer] = 3;
    }
    counts[1][4] = 0;
    counts[2][PST_FEATURE_LAYERS - 1] = 3;
    vectors = pst_palette_vectors_room((const int(*)[PST_FEATURE_LAYERS])counts);
    g_assert_true(pst_palette_vectors_has(vectors, 0));
    for (int octave = 1; octave < PST_PALETTE_OCTAVES; octave++) {
        g_assert_false(pst_palette_vectors_has(vectors, octave));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/style-palette/vectors", Fixture, NULL, set_up, test_vectors, tear_down);
    g_test_add("/style-palette/file", Fixture, NULL, set_up, test_file, tear_down);
    g_test_add("/style-palette/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
    g_test_add("/style-palette/mix", Fixture, NULL, set_up, test_mix, tear_down);
    g_test_add_func("/style-palette/octaves", test_octaves);
    return g_test_run();
}
