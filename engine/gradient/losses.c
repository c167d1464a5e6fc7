#include "losses.h"

#include "vector.h"

#include "engine/kernel/blas.h"
#include "engine/kernel/moments.h"
#include "engine/kernel/pointwise.h"

#include <math.h>
#include <string.h>

#define CHANNELS      128 /* of the widest tap */
#define MAP_CHANNELS  512 /* of the widest teacher's tap */
#define LIGHT_SIDE    8   /* of the squares that luminance is averaged over */
#define LIGHT_EPSILON 1e-4

struct PstLosses {
    float mean[PST_TAPS + 1][CHANNELS];
    float covariance[CHANNELS * CHANNELS];
    float product[MAP_CHANNELS * CHANNELS]; /* U cov, or U' scaled */
    float *scratch;
    PstMap difference, curved; /* of a tap */
    float *light, *photo_light;
};

PstLosses *pst_losses_new(PstArena *arena, int height, int width)
{
    PstLosses *l = (PstLosses *)pst_arena_floats(arena, sizeof(PstLosses) / sizeof(float) + 1);
    gsize squares = (gsize)(height / LIGHT_SIDE) * (width / LIGHT_SIDE);

    l->scratch = pst_arena_floats(arena, pst_covariance_scratch(CHANNELS));
    l->difference = pst_arena_map(arena, height / 8, width / 8, CHANNELS);
    l->curved = pst_arena_map(arena, height / 8, width / 8, CHANNELS);
    l->light = pst_arena_floats(arena, squares);
    l->photo_light = pst_arena_floats(arena, squares);
    return l;
}

PST_VECTOR static float dot(const float *a, const float *b, int n)
{
    float lanes[16] = { 0 }, sum = 0;
    int i = 0;

    for (; i + 16 <= n; i += 16) {
        for (int k = 0; k < 16; k++) {
            lanes[k] += a[i + k] * b[i + k];
        }
    }
    for (int k = 0; k < 16; k++) {
        sum += lanes[k];
    }
    for (; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* ---- style ---------------------------------------------------------------------------------- */

/* y [rows][out] = x [rows][in] weight', weight [out][in]: a pointwise convolution of rows of
 * numbers. */
static void multiply(const float *x, int rows, int in, const float *weight, int out, float *y)
{
    PstMap from = { (float *)x, rows, 1, in }, to = { y, rows, 1, out };

    pst_pointwise(&from, weight, NULL, FALSE, &to, 0, rows);
}

static void style_of_tap(const PstLossNetwork *loss_network, PstLosses *l, const PstMap *taps, int tap, float *mean,
                         float *deviation)
{
    int in = pst_tap_channels[tap], out = pst_teacher_channels[tap];
    const float *map = loss_network->map[tap];
    float unused[CHANNELS];

    pst_map_moments(&taps[tap], PST_EPSILON, l->mean[tap], unused);
    pst_covariance(&taps[tap], l->mean[tap], l->covariance, l->scratch);
    multiply(map, out, in, l->covariance, in, l->product); /* the covariance is symmetric */
    for (int o = 0; o < out; o++) {
        const float *u = map + (gsize)o * in;
        float variance = dot(l->product + (gsize)o * in, u, in);

        mean[o] = dot(u, l->mean[tap], in) + loss_network->offset[tap][o];
        deviation[o] = sqrtf(MAX(0, variance) + PST_EPSILON);
    }
}

void pst_loss_network_style(const PstLossNetwork *loss_network, PstLosses *l, const PstMap *taps, float *style)
{
    for (int tap = 1; tap <= PST_TAPS; tap++) {
        style_of_tap(loss_network, l, taps, tap, style, style + PST_LOSS_NETWORK_CHANNELS);
        style += pst_teacher_channels[tap];
    }
}

PST_VECTOR static void multiply_each(const float *restrict a, const float *restrict b, float *restrict y, int n)
{
    for (int i = 0; i < n; i++) {
        y[i] = a[i] * b[i];
    }
}

/* Given the gradients with respect to a tap's mapped means and standard deviations. */
static void style_gradient(const PstLossNetwork *loss_network, PstLosses *l, const PstMap *taps, int tap,
                           const float *dmean, const float *ddeviation, const float *deviation, PstMap *dtap)
{
    int in = pst_tap_channels[tap], out = pst_teacher_channels[tap];
    float share = 1 / (float)(taps[tap].height * taps[tap].width);
    const float *map = loss_network->map_transposed[tap];
    float *curvature = l->covariance, constant[CHANNELS], factor[MAP_CHANNELS];

    for (int o = 0; o < out; o++) {
        factor[o] = ddeviation[o] / deviation[o] * share;
    }
    for (int i = 0; i < in; i++) {
        multiply_each(map + (gsize)i * out, factor, l->product + (gsize)i * out, out);
    }
    multiply(map, in, out, l->product, in, curvature);
    for (int i = 0; i < in; i++) {
        constant[i] = share * dot(map + (gsize)i * out, dmean, out) - dot(curvature + (gsize)i * in, l->mean[tap], in);
    }
    pst_pointwise(&taps[tap], curvature, constant, FALSE, dtap, 0, dtap->height);
}

double pst_loss_style(const PstLossNetwork *loss_network, PstLosses *l, const PstMap *taps, guint skipped,
                      const float *target, double weight, PstMap *dtaps)
{
    double loss = 0;
    int at = 0;

    for (int tap = 1; tap <= PST_TAPS; tap++) {
        int out = pst_teacher_channels[tap];
        float mean[MAP_CHANNELS], deviation[MAP_CHANNELS];
        const float *target_mean = target + at, *target_deviation = target_mean + PST_LOSS_NETWORK_CHANNELS;
        float dmean[MAP_CHANNELS], ddeviation[MAP_CHANNELS];
        float factor = (float)(2 * weight / (PST_TAPS * out));
        double sum = 0;

        at += out;
        if (skipped & (1u << tap)) {
            memset(dtaps[tap].data, 0, pst_map_size(&dtaps[tap]) * sizeof(float));
            continue;
        }
        style_of_tap(loss_network, l, taps, tap, mean, deviation);
        for (int o = 0; o < out; o++) {
            float m = mean[o] - target_mean[o], s = deviation[o] - target_deviation[o];

            sum += (double)m * m + (double)s * s;
            dmean[o] = factor * m;
            ddeviation[o] = factor * s;
        }
        loss += sum / (PST_TAPS * out);
        style_gradient(loss_network, l, taps, tap, dmean, ddeviation, deviation, &dtaps[tap]);
    }
    return loss;
}

/* ---- content -------------------------------------------------------------------------------- */

PST_VECTOR static void subtract(float *restrict d, const float *restrict a, const float *restrict b, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        d[i] = a[i] - b[i];
    }
}

double pst_loss_content(const PstLossNetwork *loss_network, PstLosses *l, const PstMap *taps, const PstMap *photo_taps,
                        double weight, PstMap *dtaps)
{
    double loss = 0;

    for (int tap = 4; tap <= PST_TAPS; tap++) {
        const PstMap *f = &taps[tap];
        PstMap d = { l->difference.data, f->height, f->width, f->channels };
        PstMap curved = { l->curved.data, f->height, f->width, f->channels };
        gsize n = pst_map_size(f);
        double share = 1.0 / ((double)f->height * f->width * pst_teacher_channels[tap]);

        subtract(d.data, f->data, photo_taps[tap].data, n);
        pst_pointwise(&d, loss_network->gram[tap], NULL, FALSE, &curved, 0, f->height);
        loss += 0.5 * share * cblas_sdot((int)n, d.data, 1, curved.data, 1);
        if (dtaps) {
            cblas_saxpy((int)n, (float)(weight * share), curved.data, 1, dtaps[tap].data, 1);
        }
    }
    return loss;
}

/* ---- structure ------------------------------------------------------------------------------ */

/* Of some channels: what brings both maps to mean 0 and deviation 1, z = a f + b, and sums over pixels of
 * g = z - target, g z and g^2. */
typedef struct {
    int count, stride; /* channels, and values from one pixel to the next */
    gsize pixels;
    const float *f, *target, *shares;
    float a[CHANNELS], b[CHANNELS];               /* of the painted map */
    float target_a[CHANNELS], target_b[CHANNELS]; /* of the photograph's */
    float g[CHANNELS], gz[CHANNELS], gg[CHANNELS];
} Part;

PST_VECTOR static void structure_sums(Part *s)
{
    const float *restrict f = s->f, *restrict target = s->target;

    for (gsize p = 0; p < s->pixels; p++, f += s->stride, target += s->stride) {
        float share = s->shares ? s->shares[p] : 1;

        for (int c = 0; c < s->count; c++) {
            float z = s->a[c] * f[c] + s->b[c];
            float g = z - (s->target_a[c] * target[c] + s->target_b[c]);

            s->g[c] += share * g;
            s->gz[c] += share * g * z;
            s->gg[c] += share * g * g;
        }
    }
}

/* d += factor a (g - mean(g) - z mean(g z)), with the sums now means. */
PST_VECTOR static void structure_gradient(const Part *s, float factor, float *restrict d)
{
    const float *restrict f = s->f, *restrict target = s->target;

    for (gsize p = 0; p < s->pixels; p++, f += s->stride, target += s->stride, d += s->stride) {
        float share = s->shares ? s->shares[p] : 1;

        for (int c = 0; c < s->count; c++) {
            float z = s->a[c] * f[c] + s->b[c];
            float g = z - (s->target_a[c] * target[c] + s->target_b[c]);

            d[c] += factor * s->a[c] * (share * g - s->g[c] - z * s->gz[c]);
        }
    }
}

double pst_loss_structure_part(const PstStructureMaps *structure, int first, int count, PstMap *dtap)
{
    const PstMap *map = structure->map;
    Part s = { .count = count,
               .stride = map->channels,
               .pixels = (gsize)map->height * map->width,
               .f = map->data + first,
               .target = structure->photo->data + first,
               .shares = structure->shares };
    double loss = 0;

    for (int c = 0; c < count; c++) {
        s.a[c] = 1 / structure->deviation[first + c];
        s.b[c] = -structure->mean[first + c] / structure->deviation[first + c];
        s.target_a[c] = 1 / structure->photo_deviation[first + c];
        s.target_b[c] = -structure->photo_mean[first + c] / structure->photo_deviation[first + c];
    }
    structure_sums(&s);
    for (int c = 0; c < count; c++) {
        loss += s.gg[c] / (double)s.pixels;
        s.g[c] /= (float)s.pixels;
        s.gz[c] /= (float)s.pixels;
    }
    structure_gradient(&s, (float)(2 * structure->weight / pst_map_size(map)), dtap->data + first);
    return loss / map->channels;
}

static double structure(const PstMap *map, const PstMap *photo, const float *shares, double epsilon, double weight,
                        PstMap *d)
{
    float mean[CHANNELS], deviation[CHANNELS], photo_mean[CHANNELS], photo_deviation[CHANNELS];
    PstStructureMaps both = { map, photo, mean, deviation, photo_mean, photo_deviation, shares, weight };

    pst_map_moments(map, epsilon, mean, deviation);
    pst_map_moments(photo, epsilon, photo_mean, photo_deviation);
    return pst_loss_structure_part(&both, 0, map->channels, d);
}

double pst_loss_structure(const PstMap *tap, const PstMap *photo_tap, const float *shares, double weight, PstMap *dtap)
{
    return structure(tap, photo_tap, shares, PST_EPSILON, weight, dtap);
}

/* ---- the picture itself --------------------------------------------------------------------- */

static const float luminance[3] = { 0.299f, 0.587f, 0.114f };

static PstMap light_of(const PstMap *rgb, float *data)
{
    PstMap light = { data, rgb->height / LIGHT_SIDE, rgb->width / LIGHT_SIDE, 1 };

    memset(data, 0, pst_map_size(&light) * sizeof *data);
    for (int y = 0; y < light.height * LIGHT_SIDE; y++) {
        const float *row = pst_map_at(rgb, y, 0);
        float *out = pst_map_at(&light, y / LIGHT_SIDE, 0);

        for (int x = 0; x < light.width * LIGHT_SIDE; x++, row += 3) {
            out[x / LIGHT_SIDE] += (luminance[0] * row[0] + luminance[1] * row[1] + luminance[2] * row[2]) /
                                   (LIGHT_SIDE * LIGHT_SIDE);
        }
    }
    return light;
}

double pst_loss_light(PstLosses *l, const PstMap *rgb, const PstMap *photo, double weight, PstMap *drgb)
{
    PstMap light = light_of(rgb, l->light), photo_light = light_of(photo, l->photo_light);
    PstMap d = { l->curved.data, light.height, light.width, 1 };
    double loss;

    memset(d.data, 0, pst_map_size(&d) * sizeof *d.data);
    loss = structure(&light, &photo_light, NULL, LIGHT_EPSILON, weight, &d);
    for (int y = 0; y < d.height * LIGHT_SIDE; y++) {
        float *row = pst_map_at(drgb, y, 0);

        for (int x = 0; x < d.width * LIGHT_SIDE; x++, row += 3) {
            float g = *pst_map_at(&d, y / LIGHT_SIDE, x / LIGHT_SIDE) / (LIGHT_SIDE * LIGHT_SIDE);

            for (int c = 0; c < 3; c++) {
                row[c] += luminance[c] * g;
            }
        }
    }
    return loss;
}
