/* The patches of a style: in 8 bits, mixed, and in files. */
#include <math.h>
#include <string.h>

#include "engine/kernel/moments.h"
#include "engine/style/style_patches.h"
#include "tests/damaged.h"

typedef struct {
    PstMap taps[PST_STYLE_TAPS + 1];
    float statistics[PST_STYLE_SIZE];
    PstStylePatches *patches;
} Painting;

/* Features of a painting whose relu4_1 is so high and wide. */
static Painting new_painting(int height, int width, guint64 seed)
{
    Painting p = { 0 };
    PstRandom random = pst_random_at(seed, 0, 0);

    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        float *mean = p.statistics + pst_style_offset(tap);

        p.taps[tap] = pst_map_new(height << (PST_STYLE_TAPS - tap), width << (PST_STYLE_TAPS - tap),
                                  pst_tap_channels[tap]);
        for (gsize i = 0; i < pst_map_size(&p.taps[tap]); i++) {
            p.taps[tap].data[i] = (float)fabs(pst_random_normal(&random));
        }
        pst_map_moments(&p.taps[tap], PST_EPSILON, mean, mean + PST_STYLE_CHANNELS);
    }
    p.patches = pst_style_patches_new(p.taps, p.statistics);
    return p;
}

static void clear_painting(Painting *p)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&p->taps[tap]);
    }
    pst_style_patches_unref(p->patches);
}

static PstMap swapped(const PstStylePatches *patches, int tap, const Painting *photo)
{
    PstPatchSwap *swaps[PST_STYLE_TAPS + 1] = { NULL };
    const PstMap *from = &photo->taps[tap];
    PstMap map = pst_map_new(from->height, from->width, from->channels);

    pst_style_patches_swap(patches, photo->statistics, swaps);
    pst_patch_swap_map(swaps[tap], from, &map);
    for (int i = 0; i <= PST_STYLE_TAPS; i++) {
        pst_patch_swap_free(swaps[i]);
    }
    return map;
}

static double distance(const PstMap *a, const PstMap *b)
{
    double sum = 0;

    for (gsize i = 0; i < pst_map_size(a); i++) {
        sum += fabs(a->data[i] - b->data[i]);
    }
    return sum / pst_map_size(a);
}

/* Where a painting finds all of its own patches, it is itself again, but for the 8 bits. There are none around its
 * edge. */
static void test_itself(void)
{
    Painting p = new_painting(9, 10, 1);
    PstMap same = swapped(p.patches, 4, &p);

    for (int y = 2; y < 7; y++) {
        for (int x = 2; x < 8; x++) {
            for (int c = 0; c < same.channels; c++) {
                g_assert_cmpfloat_with_epsilon(pst_map_at(&same, y, x)[c], pst_map_at(&p.taps[4], y, x)[c], 0.02);
            }
        }
    }
    pst_map_clear(&same);
    clear_painting(&p);
}

static void test_again(void)
{
    Painting a = new_painting(20, 24, 2), b = new_painting(20, 24, 2), other = new_painting(20, 24, 3);

    g_assert_true(pst_style_patches_equal(a.patches, b.patches));
    g_assert_false(pst_style_patches_equal(a.patches, other.patches));
    g_assert_false(pst_style_patches_equal(a.patches, NULL));
    g_assert_true(pst_style_patches_equal(NULL, NULL));
    clear_painting(&a);
    clear_painting(&b);
    clear_painting(&other);
}

static void test_too_small(void)
{
    Painting p = new_painting(2, 30, 4);

    g_assert_null(p.patches);
    clear_painting(&p);
}

static void test_mix(void)
{
    Painting a = new_painting(20, 24, 5), b = new_painting(18, 18, 6), photo = new_painting(8, 8, 7);
    const PstStylePatches *both[] = { a.patches, b.patches }, *one[] = { a.patches, NULL }, *none[] = { NULL, NULL };
    g_autoptr(PstStylePatches) mix = pst_style_patches_mix(both, (double[]){ 0.25, 0.75 }, 2);
    g_autoptr(PstStylePatches) all_a = pst_style_patches_mix(both, (double[]){ 1, 0 }, 2);
    g_autoptr(PstStylePatches) half = pst_style_patches_mix(one, (double[]){ 0.5, 0.5 }, 2);
    PstMap of_a = swapped(a.patches, 3, &photo), of_mix = swapped(mix, 3, &photo), of_half = swapped(half, 3, &photo);
    PstMap of_all = swapped(all_a, 3, &photo);

    g_assert_null(pst_style_patches_mix(none, (double[]){ 0.5, 0.5 }, 2));
    g_assert_true(pst_style_patches_equal(all_a, a.patches));
    g_assert_cmpfloat(distance(&of_all, &of_a), ==, 0);
    g_assert_cmpfloat(distance(&of_mix, &of_a), >, 0.05);
    /* Half of the mix has no patches, so half of their share is the photograph's. */
    for (gsize i = 0; i < pst_map_size(&of_a); i++) {
        float whole = of_a.data[i], own = photo.taps[3].data[i];

        if (whole > 0) {
            g_assert_cmpfloat_with_epsilon(of_half.data[i], (whole + own) / 2, 1e-4);
        }
    }
    pst_map_clear(&of_a);
    pst_map_clear(&of_mix);
    pst_map_clear(&of_half);
    pst_map_clear(&of_all);
    clear_painting(&a);
    clear_painting(&b);
    clear_painting(&photo);
}

static PstTensors *through_file(PstTensorsWriter *writer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, "a style", &error);
    PstTensors *tensors = pst_tensors_from_bytes(bytes, "a style", NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(bytes), <, 460000);
    return tensors;
}

static void test_file(void)
{
    Painting p = new_painting(40, 40, 8);
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(PstTensors) tensors = NULL;
    g_autoptr(PstStylePatches) read = NULL;
    g_autoptr(GError) error = NULL;

    pst_style_patches_write(p.patches, writer);
    tensors = through_file(writer);
    g_assert_true(pst_style_patches_present(tensors));
    read = pst_style_patches_read(tensors, "a style", &error);
    g_assert_no_error(error);
    g_assert_true(pst_style_patches_equal(read, p.patches));
    clear_painting(&p);
}

/* A file with one value changed is refused. */
static void test_damaged(void)
{
    static const Fault faults[] = { { "patches.counts", -1, 0 },   { "patches.counts", 0, 1 },
                                    { "patches.counts", 1.5f, 1 }, { "patches.counts", 257, 0 },
                                    { "patches.counts", 12, 0 },   { "patches.scales", -1, 3 },
                                    { "patches.scales", 1e9f, 3 }, { "patches.weight", 0, 0 },
                                    { "patches.weight", 2, 0 } };
    Painting p = new_painting(6, 7, 9);
    g_autoptr(PstTensorsWriter) sound_writer = pst_tensors_writer_new();
    g_autoptr(PstTensors) sound = NULL;

    pst_style_patches_write(p.patches, sound_writer);
    sound = through_file(sound_writer);
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autoptr(PstTensors) damaged = damaged_tensors(sound, &faults[i]);
        g_autoptr(GError) error = NULL;

        g_assert_null(pst_style_patches_read(damaged, "a style", &error));
        g_assert_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH);
    }
    clear_painting(&p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/style-patches/itself", test_itself);
    g_test_add_func("/style-patches/again", test_again);
    g_test_add_func("/style-patches/too-small", test_too_small);
    g_test_add_func("/style-patches/mix", test_mix);
    g_test_add_func("/style-patches/file", test_file);
    g_test_add_func("/style-patches/damaged", test_damaged);
    return g_test_run();
}
