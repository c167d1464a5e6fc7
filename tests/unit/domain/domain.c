/* Domains, what adapts to them, and what tells them apart, on the sample photographs. */
#include "engine/domain/adaptation.h"
#include "engine/domain/gap.h"
#include "engine/domain/guided_filter.h"
#include "engine/domain/light.h"
#include "engine/domain/structure.h"
#include "engine/picture/oklab.h"
#include "engine/picture/reader.h"

#include <math.h>
#include <string.h>

#define SIDE 160

static PstPicture *sample(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("PASTICHE_DATA"), "samples", name, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, &error);
    PstPicture *small;

    g_assert_no_error(error);
    small = pst_picture_fit_short_side(picture, SIDE, NULL, &error);
    g_assert_no_error(error);
    return small;
}

static PstDomain *domain_of(const PstPicture *picture)
{
    PstDomain *domain = pst_domain_new(NULL, NULL);

    g_assert_true(pst_domain_add(domain, picture, NULL, NULL));
    return domain;
}

static PstAdaptation *adapt(const PstPicture *photo, const PstDomain *target, PstAdaptationMethod method,
                            double strength, double noise)
{
    const PstAdaptationOptions options = { method, strength, noise, 1 };
    g_autoptr(GError) error = NULL;
    PstAdaptation *adaptation = pst_adaptation_new(photo, NULL, target, &options, NULL, NULL, NULL, &error);

    g_assert_no_error(error);
    return adaptation;
}

static PstPicture *apply(const PstAdaptation *adaptation, const PstPicture *photo)
{
    PstThreadPool *pool = pst_thread_pool_new(2);
    PstPicture *result = pst_adaptation_picture(adaptation, pool, photo, NULL, NULL);

    pst_thread_pool_free(pool);
    return result;
}

static double difference(const PstPicture *a, const PstPicture *b)
{
    gsize n = (gsize)3 * a->width * a->height;
    double sum = 0;

    for (gsize i = 0; i < n; i++)
        sum += fabs(a->rgb[i] - b->rgb[i]);
    return sum / (double)n;
}

/* ---- Oklab ---------------------------------------------------------------------------------- */

static void test_oklab(void)
{
    for (int i = 0; i < 1000; i++) {
        const float rgb[3] = { (float)(i % 10) / 9, (float)(i / 10 % 10) / 9, (float)(i / 100) / 9 };
        float lab[3], back[3];

        pst_oklab(rgb, lab);
        pst_oklab_to_srgb(lab, back);
        for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon(rgb[c], back[c], 2e-4);
    }
}

/* ---- the guided filter ---------------------------------------------------------------------- */

/* A window's mean, the slow way. */
static double mean_at(const PstMap *map, int row, int column, int c, int radius)
{
    double sum = 0;
    int count = 0;

    for (int y = MAX(0, row - radius); y <= MIN(map->height - 1, row + radius); y++) {
        for (int x = MAX(0, column - radius); x <= MIN(map->width - 1, column + radius); x++, count++)
            sum += pst_map_at(map, y, x)[c];
    }
    return sum / count;
}

static PstMap random_map(int height, int width, int channels, guint64 seed)
{
    PstMap map = pst_map_new(height, width, channels);
    PstRandom random = pst_random_at(seed, 0, 0);

    for (gsize i = 0; i < pst_map_size(&map); i++)
        map.data[i] = (float)pst_random_unit(&random);
    return map;
}

static void test_box(void)
{
    PstMap map = random_map(13, 17, 2, 1), means = random_map(13, 17, 2, 1);

    pst_box_mean(&means, 4);
    for (int y = 0; y < map.height; y++) {
        for (int x = 0; x < map.width; x++)
            g_assert_cmpfloat_with_epsilon(pst_map_at(&means, y, x)[1], mean_at(&map, y, x, 1, 4), 1e-5);
    }
    pst_map_clear(&map);
    pst_map_clear(&means);
}

/* A linear function of the guide is found again where epsilon is small, and is nowhere left where it is large. */
static void test_guide(void)
{
    PstMap guide = random_map(40, 30, 3, 2), linear = pst_map_new(40, 30, 1), coefficients, found;

    for (gsize i = 0; i < pst_map_size(&linear); i++)
        linear.data[i] = 0.5f * guide.data[3 * i] - 2 * guide.data[3 * i + 1] + guide.data[3 * i + 2] + 0.25f;
    coefficients = pst_guided_coefficients(&guide, &linear, 5, 1e-7f);
    found = pst_guided_apply(&coefficients, &guide);
    for (gsize i = 0; i < pst_map_size(&linear); i++)
        g_assert_cmpfloat_with_epsilon(found.data[i], linear.data[i], 1e-3);
    pst_map_clear(&found);
    pst_map_clear(&coefficients);
    coefficients = pst_guided_coefficients(&guide, &linear, 5, 1e6f);
    for (gsize i = 0; i < pst_map_size(&coefficients); i++)
        g_assert_true(i % 4 == 3 || fabsf(coefficients.data[i]) < 1e-4f);
    pst_map_clear(&coefficients);
    pst_map_clear(&linear);
    pst_map_clear(&guide);
}

/* ---- adapting ------------------------------------------------------------------------------- */

static void test_moments(void)
{
    g_autoptr(PstPicture) photo = sample("lake.jpg"), other = sample("still_life.jpg"), result = NULL;
    g_autoptr(PstDomain) target = domain_of(other), made = NULL, own = domain_of(photo);
    g_autoptr(PstAdaptation) adaptation = adapt(photo, target, PST_ADAPTATION_COLOUR, 1, 0);
    const PstColourMoments *to = pst_domain_colours(target), *from = pst_domain_colours(own), *at;

    result = apply(adaptation, photo);
    made = domain_of(result);
    at = pst_domain_colours(made);
    for (int c = 0; c < 3; c++) {
        double before = fabs(to->mean[c] - from->mean[c]), after = fabs(to->mean[c] - at->mean[c]);

        g_assert_cmpfloat(after, <, 0.25 * before + 0.005);
        g_assert_cmpfloat(fabs(sqrt(at->covariance[c][c]) - sqrt(to->covariance[c][c])), <, 0.04);
    }
}

static void test_strength(void)
{
    g_autoptr(PstPicture) photo = sample("street.jpg"), other = sample("still_life.jpg");
    g_autoptr(PstDomain) target = domain_of(other), own = domain_of(photo);

    for (int method = PST_ADAPTATION_COLOUR; method <= PST_ADAPTATION_FOURIER; method += 2) {
        g_autoptr(PstAdaptation) none = adapt(photo, target, (PstAdaptationMethod)method, 0, 1);
        g_autoptr(PstAdaptation) half = adapt(photo, target, (PstAdaptationMethod)method, 0.5, 0);
        g_autoptr(PstAdaptation) whole = adapt(photo, target, (PstAdaptationMethod)method, 1, 0);
        g_autoptr(PstAdaptation) same = adapt(photo, own, (PstAdaptationMethod)method, 1, 0);
        g_autoptr(PstPicture) a = apply(none, photo), b = apply(half, photo), c = apply(whole, photo);
        g_autoptr(PstPicture) itself = apply(same, photo);

        g_assert_cmpfloat(difference(photo, a), <, 1e-4);
        g_assert_cmpfloat(difference(photo, b), >, 0.3 * difference(photo, c));
        g_assert_cmpfloat(difference(photo, b), <, 0.7 * difference(photo, c));
        /* A photograph is of its own domain. */
        g_assert_cmpfloat(difference(photo, itself), <, 0.01);
    }
}

/* Rows in any portions, on any number of threads. */
static void test_cuts(void)
{
    g_autoptr(PstPicture) photo = sample("lake.jpg"), other = sample("street.jpg"), whole = NULL;
    g_autoptr(PstPicture) large = pst_picture_resize(photo, 501, 377, NULL, NULL);
    g_autoptr(PstDomain) target = domain_of(other);
    g_autoptr(PstAdaptation) adaptation = adapt(photo, target, PST_ADAPTATION_COLOUR, 1, 1);
    PstThreadPool *one = pst_thread_pool_new(1);

    whole = apply(adaptation, large);
    for (int y = 0, step = 1; y < large->height; y += step, step = MIN(step + 3, large->height - y))
        pst_adaptation_apply(adaptation, one, large->width, large->height, y, step,
                             large->rgb + 3 * (gsize)y * large->width);
    g_assert_cmpmem(whole->rgb, 3 * (gsize)large->width * large->height * sizeof(float), large->rgb,
                    3 * (gsize)large->width * large->height * sizeof(float));
    pst_thread_pool_free(one);
}

static void test_structure(void)
{
    g_autoptr(PstPicture) photo = sample("street.jpg"), other = sample("lake.jpg"), result = NULL, smooth = NULL;
    g_autoptr(PstPicture) tiny = pst_picture_resize(photo, 16, 16, NULL, NULL);
    g_autoptr(PstDomain) target = domain_of(other);
    g_autoptr(PstAdaptation) adaptation = adapt(photo, target, PST_ADAPTATION_COLOUR, 1, 0);
    PstStructure itself, kept, lost;

    result = apply(adaptation, photo);
    smooth = pst_picture_resize(tiny, photo->width, photo->height, NULL, NULL);
    g_assert_true(pst_structure_compare(photo, photo, &itself, NULL, NULL));
    g_assert_true(pst_structure_compare(photo, result, &kept, NULL, NULL));
    g_assert_true(pst_structure_compare(photo, smooth, &lost, NULL, NULL));
    g_assert_cmpfloat(itself.edges, ==, 1);
    g_assert_cmpfloat_with_epsilon(itself.ssim, 1, 1e-4);
    g_assert_cmpfloat(kept.edges, >, 0.9);
    g_assert_cmpfloat(lost.edges, <, 0.6);
    g_assert_cmpfloat(lost.ssim, <, kept.ssim);
}

static void test_cube(void)
{
    g_autoptr(PstPicture) photo = sample("lake.jpg"), other = sample("street.jpg");
    g_autoptr(PstDomain) source = domain_of(photo), target = domain_of(other);
    g_autofree char *text = pst_adaptation_cube(source, target, 0, 5, "itself");
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    g_assert_cmpstr(lines[0], ==, "TITLE \"itself\"");
    g_assert_cmpstr(lines[1], ==, "LUT_3D_SIZE 5");
    g_assert_cmpuint(g_strv_length(lines), ==, 2 + 125 + 1);
    /* Red changes fastest. */
    for (int i = 0; i < 125; i++) {
        const double expected[3] = { i % 5 / 4.0, i / 5 % 5 / 4.0, i / 25 / 4.0 };
        g_auto(GStrv) numbers = g_strsplit(lines[2 + i], " ", 0);

        for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon(g_ascii_strtod(numbers[c], NULL), expected[c], 5e-4);
    }
}

/* ---- noise ---------------------------------------------------------------------------------- */

/* An even picture with noise of that deviation in lightness, which alternates from row to row where `lines`. */
static PstMap noisy(double deviation, gboolean lines, guint64 seed)
{
    PstMap map = pst_map_new(128, 128, 3);
    PstRandom random = pst_random_at(seed, 0, 0);

    for (int y = 0; y < map.height; y++) {
        for (int x = 0; x < map.width; x++) {
            double value = lines ? (y % 2 ? deviation : -deviation) : deviation * pst_random_normal(&random);

            memcpy(pst_map_at(&map, y, x), (float[]){ 0.5f + (float)value, 0, 0 }, 3 * sizeof(float));
        }
    }
    return map;
}

static PstMap draw(double deviation, gboolean lines, double source_deviation)
{
    PstMap target = noisy(deviation, lines, 1), source = noisy(source_deviation, FALSE, 2), drawn;
    g_autofree PstNoise *of_target = g_new0(PstNoise, 1), *of_source = g_new0(PstNoise, 1);
    PstRandom random = pst_random_at(3, 0, 0);

    pst_noise_add(of_target, &target);
    pst_noise_add(of_source, &source);
    drawn = pst_noise_draw(of_target, of_source, (const double[]){ 1, 1, 1 }, 128, 128, &random);
    pst_map_clear(&target);
    pst_map_clear(&source);
    return drawn;
}

static double deviation_of(const PstMap *map)
{
    double sum = 0;

    for (gsize i = 0; i < pst_map_size(map); i += 3)
        sum += (double)map->data[i] * map->data[i];
    return sqrt(sum / (double)(pst_map_size(map) / 3));
}

static void test_noise(void)
{
    PstMap some = draw(0.03, FALSE, 0.001), none = draw(0.01, FALSE, 0.03), lines = draw(0.03, TRUE, 0.001);
    double along = 0, across = 0;

    /* What the filter takes for the picture is missing: a window of 7x7 has a 49th of it. */
    g_assert_cmpfloat_with_epsilon(deviation_of(&some), 0.03, 0.006);
    g_assert_cmpfloat(deviation_of(&none), <, 0.003);
    for (int y = 1; y < lines.height; y++) {
        for (int x = 1; x < lines.width; x++) {
            across += fabsf(pst_map_at(&lines, y, x)[0] - pst_map_at(&lines, y - 1, x)[0]);
            along += fabsf(pst_map_at(&lines, y, x)[0] - pst_map_at(&lines, y, x - 1)[0]);
        }
    }
    g_assert_cmpfloat(across, >, 4 * along);
    pst_map_clear(&some);
    pst_map_clear(&none);
    pst_map_clear(&lines);
}

/* ---- light and gap -------------------------------------------------------------------------- */

static void test_light(void)
{
    g_autoptr(PstPicture) photo = sample("lake.jpg"), a = sample("lake.jpg"), b = sample("lake.jpg");
    PstRandom first = pst_random_at(1, 0, 0), again = pst_random_at(1, 0, 0), none = pst_random_at(1, 0, 0);
    PstLight light = pst_light_draw(&first, 1), same = pst_light_draw(&again, 1), own = pst_light_draw(&none, 0);

    pst_light_apply(&light, &first, a);
    pst_light_apply(&same, &again, b);
    g_assert_cmpmem(a->rgb, 3 * sizeof(float) * (gsize)a->width * a->height, b->rgb,
                    3 * sizeof(float) * (gsize)b->width * b->height);
    g_assert_cmpfloat(difference(a, photo), >, 0.02);
    pst_light_apply(&own, &none, b);
    g_assert_cmpfloat(difference(a, b), <, 0.02);
}

static float *rows(int count, double shift, guint64 seed)
{
    float *all = g_new(float, count *PST_STYLE_SIZE);
    PstRandom random = pst_random_at(seed, 0, 0);

    for (int i = 0; i < count * PST_STYLE_SIZE; i++)
        all[i] = (float)(pst_random_normal(&random) + shift);
    return all;
}

static void test_gap(void)
{
    g_autofree float *a = rows(60, 0, 1), *b = rows(50, 0, 2), *far = rows(50, 1, 3);
    PstGap none, some;

    g_assert_true(pst_gap_find(a, 60, b, 50, &none, NULL, NULL));
    g_assert_true(pst_gap_find(a, 60, far, 50, &some, NULL, NULL));
    g_assert_cmpint(none.first, ==, 60);
    g_assert_cmpfloat(none.error, >, 0.35);
    g_assert_cmpfloat(some.error, <, 0.05);
    g_assert_cmpfloat(some.frechet, >, none.frechet);
    /* Of normal distributions, few of which were drawn. */
    g_assert_cmpfloat(none.frechet, >, 0);
    g_assert_cmpfloat(none.frechet, <, none.within);
    g_assert_true(pst_gap_find(a, 60, a, 60, &none, NULL, NULL));
    g_assert_cmpfloat_with_epsilon(none.frechet, 0, 1e-3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/domain/oklab", test_oklab);
    g_test_add_func("/domain/box", test_box);
    g_test_add_func("/domain/guide", test_guide);
    g_test_add_func("/domain/moments", test_moments);
    g_test_add_func("/domain/strength", test_strength);
    g_test_add_func("/domain/cuts", test_cuts);
    g_test_add_func("/domain/structure", test_structure);
    g_test_add_func("/domain/cube", test_cube);
    g_test_add_func("/domain/noise", test_noise);
    g_test_add_func("/domain/light", test_light);
    g_test_add_func("/domain/gap", test_gap);
    return g_test_run();
}
