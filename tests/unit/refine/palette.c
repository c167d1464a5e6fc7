/* Style palettes, and the pictures that they are made of again. */
#include "engine/refine/hypercolumns.h"
#include "engine/refine/style_pictures.h"

#include <math.h>
#include <string.h>

typedef struct {
    PstThreadPool *pool;
    PstExecutor *executor;
    PstFeatureNetwork *network;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "encoder.safetensors", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) weights = pst_tensors_read(path, NULL, &error);

    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->executor = pst_executor_new(f->pool, NULL, NULL, NULL);
    f->network = pst_feature_network_new(weights, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_feature_network_free(f->network);
    pst_executor_free(f->executor);
    pst_thread_pool_free(f->pool);
}

static PstPicture *painting(int width, int height, double phase)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                picture->rgb[3 * (y * width + x) + c] = (float)(0.5 +
                                                                0.4 * sin(0.21 * x + c + phase) * cos(0.17 * y - c));
            }
        }
    }
    return picture;
}

static PstMap map_of(const PstPicture *picture)
{
    PstMap map = pst_map_new(picture->height, picture->width, 3);

    memcpy(map.data, picture->rgb, pst_map_size(&map) * sizeof(float));
    return map;
}

static void check_unit(const float *unit, int count, int channels)
{
    for (int i = 0; i < count; i++) {
        double squares = 0;

        for (int c = 0; c < channels; c++) {
            squares += unit[(gsize)i * channels + c] * (double)unit[(gsize)i * channels + c];
        }
        g_assert_cmpfloat_with_epsilon(squares, 1, 1e-3);
    }
}

static void test_palette(Fixture *f, gconstpointer data)
{
    g_autoptr(PstPicture) wide = painting(96, 64, 0), high = painting(48, 80, 1);
    PstMap maps[2] = { map_of(wide), map_of(high) };
    PstPaletteOptions options = { .vectors = 256, .columns = 100, .turns = 4, .octaves = 4 };
    g_autoptr(PstStylePalette) palette = pst_style_palette_new(f->network, f->executor, maps, 2, &options);
    g_autoptr(PstStylePalette) again = pst_style_palette_new(f->network, f->executor, maps, 2, &options);
    g_autoptr(PstStylePalette) alone = pst_style_palette_new(f->network, f->executor, maps, 1, &options);
    g_autoptr(PstFeatureMaps) features = pst_feature_maps_new(64, 96, PST_FEATURE_LAYERS, FALSE);
    float mean[PST_FEATURE_WIDEST], deviation[PST_FEATURE_WIDEST];

    g_assert_cmpint(palette->octaves[0].layers[0].count, ==, 64);
    g_assert_cmpint(palette->octaves[0].layers[2].count, ==, 128);
    g_assert_cmpint(palette->octaves[0].layers[4].count, ==, 256);
    g_assert_cmpint(palette->octaves[0].count, ==, 100);
    /* At an eighth, 12 x 8 and 6 x 10 pixels, there is nothing to be seen. */
    g_assert_cmpint(palette->octaves[3].count, ==, 0);
    for (int i = 0; i < PST_FEATURE_LAYERS; i++) {
        const PstPaletteLayer *layer = &palette->octaves[0].layers[i];
        int channels = pst_encoder_layers[i].out;

        check_unit(layer->unit, layer->count, channels);
        g_assert_cmpmem(layer->unit, layer->count * channels * sizeof(float), again->octaves[0].layers[i].unit,
                        layer->count * channels * sizeof(float));
    }
    check_unit(palette->octaves[0].unit, palette->octaves[0].count, PST_FEATURE_CHANNELS);

    /* Means and deviations are of paintings as they hang, of all of them. */
    pst_feature_maps_see(features, f->network, f->executor, &maps[0]);
    pst_map_moments(&features->layers[5], PST_EPSILON, mean, deviation);
    for (int c = 0; c < 64; c++) {
        g_assert_cmpfloat_with_epsilon(alone->octaves[0].layers[5].mean[c], mean[c], 1e-5);
        g_assert_cmpfloat_with_epsilon(alone->octaves[0].layers[5].deviation[c], deviation[c], 1e-5);
    }
    g_assert_cmpint(memcmp(palette->octaves[0].layers[5].mean, mean, 64 * sizeof *mean), !=, 0);
    pst_map_clear(&maps[0]);
    pst_map_clear(&maps[1]);
}

static PstTensors *through_file(const PstStylePictures *pictures)
{
    PstTensorsWriter *writer = pst_tensors_writer_new();
    g_autoptr(GError) error = NULL;
    GBytes *bytes;
    PstTensors *tensors;

    if (pictures) {
        pst_style_pictures_write(pictures, writer);
    } else {
        pst_tensors_writer_add_bytes(writer, "painting.0", (const guint8 *)"not a picture", (int[]){ 13 }, 1);
    }
    bytes = pst_tensors_writer_to_bytes(writer, "a style", &error);
    g_assert_no_error(error);
    tensors = pst_tensors_from_bytes(bytes, "a style", NULL, &error);
    g_assert_no_error(error);
    g_bytes_unref(bytes);
    pst_tensors_writer_free(writer);
    return tensors;
}

static void test_pictures(Fixture *f, gconstpointer data)
{
    const PstPicture *paintings[20];
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStylePictures) pictures = NULL, read = NULL;
    g_autoptr(PstTensors) tensors = NULL;
    g_autoptr(PstStylePalette) first = NULL, second = NULL;
    PstPaletteOptions options = { .vectors = 64, .columns = 64, .turns = 1, .octaves = 2 };
    guint64 bytes = 0;

    for (int i = 0; i < 20; i++) {
        paintings[i] = painting(1000, 900 - 10 * i, i);
    }
    pictures = pst_style_pictures_new(paintings, 20, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(pst_style_pictures_count(pictures), ==, PST_STYLE_PICTURES);
    tensors = through_file(pictures);
    for (guint i = 0; i < pst_tensors_count(tensors); i++) {
        bytes += pst_tensors_at(tensors, i)->count;
    }
    g_assert_cmpuint(bytes, <=, PST_STYLE_PICTURES_BYTES);
    read = pst_style_pictures_read(tensors, "a style", &error);
    g_assert_no_error(error);
    g_assert_cmpint(pst_style_pictures_short_side(read), ==, pst_style_pictures_short_side(pictures));

    /* What was kept makes the same palette as what is read. */
    first = pst_style_pictures_palette(pictures, f->network, f->executor, 64, &options, NULL, &error);
    g_assert_no_error(error);
    second = pst_style_pictures_palette(read, f->network, f->executor, 64, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(first->octaves[0].layers[4].count, ==, 64);
    g_assert_cmpmem(first->octaves[0].layers[4].unit, 64 * 64 * sizeof(float), second->octaves[0].layers[4].unit,
                    64 * 64 * sizeof(float));
    for (int i = 0; i < 20; i++) {
        pst_picture_free((PstPicture *)paintings[i]);
    }
}

static void test_other_files(Fixture *f, gconstpointer data)
{
    g_autoptr(PstTensors) damaged = through_file(NULL), none = NULL;
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_null(pst_style_pictures_read(damaged, "a style", &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    pst_tensors_writer_add(writer, "style.mean", PST_TENSOR_F32, (float[]){ 1 }, (int[]){ 1 }, 1);
    bytes = pst_tensors_writer_to_bytes(writer, "a style", &error);
    g_assert_no_error(error);
    none = pst_tensors_from_bytes(bytes, "a style", NULL, &error);
    g_assert_no_error(error);
    g_assert_null(pst_style_pictures_read(none, "a style", &error));
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/refine/palette", Fixture, NULL, set_up, test_palette, tear_down);
    g_test_add("/refine/pictures", Fixture, NULL, set_up, test_pictures, tear_down);
    g_test_add("/refine/other-files", Fixture, NULL, set_up, test_other_files, tear_down);
    return g_test_run();
}
