/* Gradients of the convolution: the reference against finite differences, the fast kernels against
 * the reference. */
#include "engine/kernel/convolution.h"
#include "guarded.h"
#include "engine/kernel/kernels.h"
#include "engine/kernel/reference.h"

#include <string.h>

/* sum over the output of dy times the convolution of x. Linear in x, weight and bias, so that
 * differences need not be small. */
static double loss(const Guarded *weight, const Guarded *bias, const Guarded *x, const Guarded *dy)
{
    Guarded y = guarded_map(dy->map.height, dy->map.width, dy->map.channels);
    double sum = 0;

    pst_reference_forward(weight->map.data, bias->map.data, x->map.channels, y.map.channels, &x->map, &y.map, 0,
                          y.map.height, NULL);
    for (gsize i = 0; i < y.size; i++)
        sum += (double)y.map.data[i] * dy->map.data[i];
    guarded_clear(&y);
    return sum;
}

/* Central differences of the loss by each element of `variable`, one of the loss's arguments. */
static Guarded differences(const Guarded *variable, const Guarded *weight, const Guarded *bias, const Guarded *x,
                           const Guarded *dy)
{
    const float step = 0.5f;
    Guarded gradient = guarded_copy(variable);
    float *data = variable->map.data;

    for (gsize i = 0; i < variable->size; i++) {
        float value = data[i];
        data[i] = value + step;
        double above = loss(weight, bias, x, dy);
        data[i] = value - step;
        double below = loss(weight, bias, x, dy);
        data[i] = value;
        gradient.map.data[i] = (float)((above - below) / (2 * step));
    }
    return gradient;
}

static void zero(Guarded *guarded)
{
    memset(guarded->map.data, 0, sizeof(float) * guarded->size);
}

static void test_differences(void)
{
    static const int shapes[][4] = { { 2, 3, 4, 5 }, { 3, 2, 1, 1 }, { 1, 1, 1, 4 },
                                     { 2, 2, 2, 3 }, { 1, 2, 5, 1 }, { 5, 4, 3, 3 } };

    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
        int in = shapes[i][0], out = shapes[i][1], height = shapes[i][2], width = shapes[i][3];
        Guarded weight = guarded_random_floats((gsize)in * out * 9), bias = guarded_random_floats(out);
        Guarded x = guarded_random_map(height, width, in), dx = guarded_map(height, width, in);
        Guarded y = guarded_random_map(height, width, out), dy = guarded_random_map(height, width, out);
        Guarded dweight = guarded_copy(&weight), dbias = guarded_copy(&bias), masked = guarded_copy(&dy);
        zero(&dweight);
        zero(&dbias);
        for (gsize j = 0; j < dy.size; j++)
            if (y.map.data[j] <= 0)
                masked.map.data[j] = 0;

        pst_reference_backward_input(weight.map.data, in, out, &dy.map, &y.map, &dx.map, 0, height);
        pst_reference_backward_weights(in, out, &x.map, &dy.map, &y.map, dweight.map.data, dbias.map.data);
        Guarded expected = differences(&x, &weight, &bias, &x, &masked);
        assert_close(&dx, &expected, 1e-5);
        guarded_clear(&expected);
        expected = differences(&weight, &weight, &bias, &x, &masked);
        assert_close(&dweight, &expected, 1e-5);
        guarded_clear(&expected);
        expected = differences(&bias, &weight, &bias, &x, &masked);
        assert_close(&dbias, &expected, 1e-5);
        guarded_clear(&expected);

        Guarded *all[] = { &weight, &bias, &x, &dx, &y, &dy, &dweight, &dbias, &masked };
        for (guint j = 0; j < G_N_ELEMENTS(all); j++)
            guarded_clear(all[j]);
    }
}

static void check(int in, int out, int height, int width, gboolean mask)
{
    g_autoptr(PstConvolution) convolution = pst_convolution_new(in, out);
    Guarded weight = guarded_random_floats((gsize)in * out * 9), bias = guarded_random_floats(out);
    pst_convolution_set_with_gradient(convolution, weight.map.data, bias.map.data);
    Guarded scratch = guarded_floats(pst_convolution_scratch(convolution, width));
    Guarded x = guarded_random_map(height, width, in), dx = guarded_map(height, width, in);
    Guarded y = guarded_random_map(height, width, out), dy = guarded_random_map(height, width, out);
    Guarded expected = guarded_map(height, width, in);
    const PstMap *masking = mask ? &y.map : NULL;

    pst_convolution_backward_input(convolution, &dy.map, masking, &dx.map, scratch.map.data);
    pst_reference_backward_input(weight.map.data, in, out, &dy.map, masking, &expected.map, 0, height);
    assert_close(&dx, &expected, 1e-4);

    /* Row by row the same bytes come out. */
    Guarded parts = guarded_map(height, width, in);
    for (int first = 0, rows; first < height; first += rows) {
        rows = 4 * g_test_rand_int_range(1, 4);
        rows = MIN(rows, height - first);
        pst_convolution_backward_input_rows(convolution, &dy.map, masking, &parts.map, first, rows, scratch.map.data);
    }
    assert_same(&parts, &dx);

    /* Gradients add to what is there. */
    Guarded dweight = guarded_random_floats(weight.size), dbias = guarded_random_floats(out);
    Guarded expected_dweight = guarded_copy(&dweight), expected_dbias = guarded_copy(&dbias);
    pst_convolution_backward_weights(convolution, &x.map, &dy.map, masking, dweight.map.data, dbias.map.data,
                                     scratch.map.data);
    pst_reference_backward_weights(in, out, &x.map, &dy.map, masking, expected_dweight.map.data,
                                   expected_dbias.map.data);
    assert_close(&dweight, &expected_dweight, 1e-4);
    assert_close(&dbias, &expected_dbias, 1e-4);

    Guarded *all[] = { &weight,           &bias,           &scratch, &x, &dx, &y, &dy, &expected, &dweight, &dbias,
                       &expected_dweight, &expected_dbias, &parts };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void test_random_shapes(void)
{
    for (int i = 0; i < 60; i++)
        check(random_channels(64), random_channels(64), g_test_rand_int_range(1, 24), g_test_rand_int_range(1, 24),
              i % 2);
}

static void test_small_maps(void)
{
    static const int channels[][2] = { { 3, 16 }, { 16, 3 }, { 17, 24 }, { 1, 1 } };
    for (guint i = 0; i < G_N_ELEMENTS(channels); i++)
        for (int height = 1; height <= 7; height++)
            for (int width = 1; width <= 7; width++)
                check(channels[i][0], channels[i][1], height, width, TRUE);
}

static void test_wide_channels(void)
{
    check(128, 128, 20, 20, TRUE);
    check(64, 128, 7, 9, FALSE);
    check(128, 3, 6, 70, TRUE);
}

static void test_long_rows(void)
{
    check(16, 16, 1, 400, TRUE);
    check(3, 16, 2, 300, TRUE);
    check(16, 3, 90, 66, FALSE);
}

/* A modulated convolution is one whose weights were scaled before. */
static void check_modulated(int in, int out, int height, int width, gboolean mask)
{
    g_autoptr(PstConvolution) base = pst_convolution_new(in, out);
    g_autoptr(PstConvolution) modulated = pst_convolution_new_modulated(base);
    g_autoptr(PstConvolution) plain = pst_convolution_new(in, out);
    Guarded weight = guarded_random_floats((gsize)in * out * 9), bias = guarded_random_floats(out);
    Guarded scale = guarded_random_floats(out), scaled = guarded_copy(&weight);
    Guarded x = guarded_random_map(height, width, in), dy = guarded_random_map(height, width, out);
    Guarded y = guarded_map(height, width, out), y_plain = guarded_map(height, width, out);
    Guarded dx = guarded_map(height, width, in), dx_plain = guarded_map(height, width, in);
    const PstMap *masking = mask ? &y.map : NULL;
    PstFusion fusion = { .relu = TRUE };

    for (gsize i = 0; i < scaled.size; i++)
        scaled.map.data[i] *= scale.map.data[i / (in * 9)];
    pst_convolution_set_with_gradient(base, weight.map.data, NULL);
    pst_convolution_modulate(modulated, scale.map.data, bias.map.data);
    pst_convolution_set_with_gradient(plain, scaled.map.data, bias.map.data);
    Guarded scratch = guarded_floats(pst_convolution_scratch(modulated, width));

    pst_convolution_forward(modulated, &x.map, &y.map, 0, height, &fusion, scratch.map.data);
    pst_convolution_forward(plain, &x.map, &y_plain.map, 0, height, &fusion, scratch.map.data);
    assert_close(&y, &y_plain, 1e-4);
    pst_convolution_backward_input(modulated, &dy.map, masking, &dx.map, scratch.map.data);
    pst_convolution_backward_input(plain, &dy.map, masking, &dx_plain.map, scratch.map.data);
    assert_close(&dx, &dx_plain, 1e-4);

    Guarded *all[] = { &weight, &bias, &scale, &scaled, &x, &dy, &y, &y_plain, &dx, &dx_plain, &scratch };
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        guarded_clear(all[i]);
}

static void test_modulated(void)
{
    for (int i = 0; i < 40; i++)
        check_modulated(random_channels(64), random_channels(64), g_test_rand_int_range(1, 24),
                        g_test_rand_int_range(1, 24), i % 2);
    check_modulated(128, 128, 20, 20, TRUE);
    check_modulated(16, 3, 24, 40, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_message("kernels: %s", pst_kernels()->name);
    g_test_add_func("/gradient/convolution/differences", test_differences);
    g_test_add_func("/gradient/convolution/random-shapes", test_random_shapes);
    g_test_add_func("/gradient/convolution/small-maps", test_small_maps);
    g_test_add_func("/gradient/convolution/wide-channels", test_wide_channels);
    g_test_add_func("/gradient/convolution/long-rows", test_long_rows);
    g_test_add_func("/gradient/convolution/modulated", test_modulated);
    return g_test_run();
}
