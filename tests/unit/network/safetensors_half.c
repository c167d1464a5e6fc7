#include "engine/network/float16.h"

static double exact_half(guint half)
{
    int exponent = half >> 10 & 31;
    double fraction = half & 1023;
    double value = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
    return half & 0x8000 ? -value : value;
}

static void test_half(void)
{
    guint16 back = 0;
    for (guint half = 0; half < 0x10000; half++) {
        if (!pst_float16_is_finite((guint16)half)) {
            g_assert_cmpuint(half & 0x7fff, >=, 0x7c00);
            continue;
        }
        float value = pst_float16_to_float((guint16)half);
        g_assert_cmpfloat(value, ==, exact_half(half));
        g_assert_true(pst_float16_from_float(value, &back));
        g_assert_cmpuint(back, ==, half);
        if ((half & 0x7fff) >= 0x7bff) {
            continue;
        }
        /* Between this half and the next: the midpoint goes to the even one. */
        double middle = (exact_half(half) + exact_half(half + 1)) / 2;
        double outward = half & 0x8000 ? -INFINITY : INFINITY;
        g_assert_true(pst_float16_from_float((float)middle, &back));
        g_assert_cmpuint(back, ==, half + (half & 1));
        g_assert_true(pst_float16_from_float(nextafterf((float)middle, (float)outward), &back));
        g_assert_cmpuint(back, ==, half + 1);
        g_assert_true(pst_float16_from_float(nextafterf((float)middle, 0.0f), &back));
        g_assert_cmpuint(back, ==, half);
    }
    g_assert_true(pst_float16_from_float(65519.996f, &back));
    g_assert_cmpuint(back, ==, 0x7bff);
    g_assert_false(pst_float16_from_float(65520.0f, &back));
    g_assert_false(pst_float16_from_float(-INFINITY, &back));
    g_assert_false(pst_float16_from_float(NAN, &back));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/half/every-value", test_half);
    return g_test_run();
}
