/* How far statistics are moved for a style: short of a usual one, beyond a stark one, and never to a deviation that is
 * not positive. */
#include "engine/network/generator.h"

#include <string.h>

typedef struct {
    PstGenerator *generator;
    float mean[PST_STYLE_SIZE], deviation[PST_STYLE_SIZE]; /* of the styles that it was trained with */
} Fixture;

static const char *weights_file;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) weights = pst_tensors_read(weights_file, NULL, &error);

    g_assert_no_error(error);
    f->generator = pst_generator_new(weights, &error);
    g_assert_no_error(error);
    memcpy(f->mean, pst_tensors_find(weights, "style.mean")->floats, sizeof f->mean);
    memcpy(f->deviation, pst_tensors_find(weights, "style.std")->floats, sizeof f->deviation);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    pst_generator_free(f->generator);
}

/* A style whose statistics are so many standard deviations from the mean. */
static double emphasis_at(const Fixture *f, double distance)
{
    float style[PST_STYLE_SIZE];

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        style[i] = f->mean[i] + distance * f->deviation[i];
    }
    return pst_generator_emphasis(f->generator, style);
}

static void test_grows(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    double last = emphasis_at(f, 0);

    g_assert_cmpfloat(last, <, 1);
    g_assert_cmpfloat(last, ==, emphasis_at(f, 1));
    g_assert_cmpfloat(last, ==, emphasis_at(f, -1));
    for (double distance = 0; distance <= 8; distance += 0.125) {
        double emphasis = emphasis_at(f, distance);

        g_assert_cmpfloat(emphasis, >=, last);
        g_assert_cmpfloat(emphasis - last, <, 0.06);
        last = emphasis;
    }
    g_assert_cmpfloat(last, >, 1);
    g_assert_cmpfloat(last, ==, emphasis_at(f, 3));
}

static void test_target(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    float stark[PST_STYLE_SIZE], target[PST_STYLE_SIZE];

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        stark[i] = i == PST_STYLE_CHANNELS ? 1e-3f : f->mean[i] + 4 * f->deviation[i];
    }
    pst_generator_target(f->generator, f->mean, stark, 0, target);
    g_assert_cmpmem(target, sizeof target, f->mean, sizeof f->mean);
    pst_generator_target(f->generator, f->mean, f->mean, 1, target);
    g_assert_cmpmem(target, sizeof target, f->mean, sizeof f->mean);

    pst_generator_target(f->generator, f->mean, stark, 1, target);
    g_assert_cmpfloat(target[1], >, stark[1]);
    for (int i = PST_STYLE_CHANNELS; i < PST_STYLE_SIZE; i++) {
        g_assert_cmpfloat(target[i], >, 0);
    }
    pst_generator_target(f->generator, f->mean, stark, 0.5, target);
    g_assert_cmpfloat(target[1], >, f->mean[1]);
    g_assert_cmpfloat(target[1], <, stark[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    weights_file = argv[1];
    g_test_add("/emphasis/grows", Fixture, NULL, set_up, test_grows, tear_down);
    g_test_add("/emphasis/target", Fixture, NULL, set_up, test_target, tear_down);
    return g_test_run();
}
