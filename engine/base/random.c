#include "random.h"

#include <math.h>

static guint64 mixed(guint64 z)
{
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

PstRandom pst_random_at(guint64 seed, guint64 step, guint64 item)
{
    const guint64 golden = G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    guint64 state = mixed(seed + golden);

    state = mixed(state ^ mixed(step + 2 * golden));
    state = mixed(state ^ mixed(item + 3 * golden));
    return (PstRandom){ state };
}

guint64 pst_random_bits(PstRandom *random)
{
    random->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    return mixed(random->state);
}

double pst_random_unit(PstRandom *random)
{
    return (double)(pst_random_bits(random) >> 11) * 0x1p-53;
}

double pst_random_uniform(PstRandom *random, double low, double high)
{
    return low + (high - low) * pst_random_unit(random);
}

double pst_random_log_uniform(PstRandom *random, double low, double high)
{
    return exp(pst_random_uniform(random, log(low), log(high)));
}

int pst_random_below(PstRandom *random, int n)
{
    /* the bias of this is below 2^-32 for every int n: of no weight here */
    return (int)(((pst_random_bits(random) >> 32) * (guint64)n) >> 32);
}

int pst_random_choose(PstRandom *random, gsize n, int most, int *chosen)
{
    if (n <= (gsize)most) {
        for (gsize i = 0; i < n; i++) {
            chosen[i] = (int)i;
        }
        return (int)n;
    }
    for (int i = 0; i < most; i++) {
        gsize first = i * n / most, next = (i + 1) * n / most;

        chosen[i] = (int)first + pst_random_below(random, (int)(next - first));
    }
    return most;
}

double pst_random_normal(PstRandom *random)
{
    double radius = sqrt(-2 * log(1 - pst_random_unit(random)));

    return radius * cos(2 * G_PI * pst_random_unit(random));
}
