#include "space_training.h"

#include "engine/kernel/adam.h"
#include "engine/space/artworks.h"
#include "engine/space/principal.h"
#include "engine/space/ridge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WARM_UP      100
#define AVERAGE      0.995
#define LEAST_SPREAD 0.02  /* of a statistic, so that dead channels stay small */
#define FIRST_SPREAD -3.0f /* logarithm of the codes' variances at the start */
#define DRAWS        8192
#define RIDGE_COLOUR 1.0f /* penalties */
#define RIDGE_TO     30.0f

/* ---- rows ----------------------------------------------------------------------------------- */

static gboolean is_trained(const PstSpaceTraining *t, int artwork)
{
    return !PST_ARTWORK_IS_HELD_OUT(artwork) && !(t->validate && artwork % 10 == 2);
}

static gboolean is_tested(const PstSpaceTraining *t, int artwork)
{
    return t->validate ? !PST_ARTWORK_IS_HELD_OUT(artwork) && artwork % 10 == 2 : PST_ARTWORK_IS_HELD_OUT(artwork);
}

/* Standardised rows first .. first + count - 1 of each artwork that `choose` takes; how many in *n. */
static float *gather(const PstSpaceTraining *t, const PstStyleRows *rows, const PstStyleSpace *space,
                     gboolean (*choose)(const PstSpaceTraining *, int), int first, int count, int *n)
{
    int each = pst_style_rows_each(rows);
    float *x = pst_floats_new((gsize)rows->artworks * count * PST_STYLE_SIZE);

    *n = 0;
    for (int i = 0; i < rows->artworks; i++) {
        for (int k = first; choose(t, i) && k < first + count; k++) {
            pst_style_space_standardise(space, rows->style + ((gsize)i * each + k) * PST_STYLE_SIZE,
                                        x + (gsize)*n * PST_STYLE_SIZE);
            (*n)++;
        }
    }
    return x;
}

/* Mean and deviation of statistics, those of deviations as logarithms, over rows that are trained on. */
static void measure(const PstSpaceTraining *t, const PstStyleRows *rows, PstStyleSpace *space)
{
    int each = pst_style_rows_each(rows), n = 0;
    double sum[PST_STYLE_SIZE] = { 0 }, square[PST_STYLE_SIZE] = { 0 };

    for (int i = 0; i < rows->artworks; i++) {
        for (int k = 0; is_trained(t, i) && k < 1 + rows->parts; k++, n++) {
            const float *style = rows->style + ((gsize)i * each + k) * PST_STYLE_SIZE;

            for (int c = 0; c < PST_STYLE_SIZE; c++) {
                double value = c < PST_STYLE_CHANNELS ? style[c] : log(MAX(style[c], 1e-6));

                sum[c] += value;
                square[c] += value * value;
            }
        }
    }
    for (int c = 0; c < PST_STYLE_SIZE; c++) {
        double mean = sum[c] / n;

        space->mean[c] = (float)mean;
        space->deviation[c] = (float)(sqrt(MAX(0, square[c] / n - mean * mean)) + LEAST_SPREAD);
    }
}

/* ---- the autoencoder ------------------------------------------------------------------------ */

static void fill_normal(const PstDense *layer, float *parameters, double gain, PstRandom *random)
{
    double deviation = gain / sqrt(layer->in);

    for (int i = 0; i < layer->in * layer->out; i++)
        parameters[layer->offset + i] = (float)(deviation * pst_random_normal(random));
    for (int i = 0; layer->bias && i < layer->out; i++)
        parameters[layer->offset + (gsize)layer->in * layer->out + i] = 0;
}

/* The skips are the principal components, scaled so that codes have variance 1; all else is small and random. */
static void begin(const PstSpaceTraining *t, PstStyleSpace *space, const float *x, int n)
{
    static const double gains[PST_VAE_LAYERS] = {
        [PST_VAE_ENCODE] = 1, [PST_VAE_MEAN] = 0.1, [PST_VAE_SPREAD] = 0.1, [PST_VAE_DECODE] = 1, [PST_VAE_OUT] = 0.1,
    };
    const PstDense *layers = space->shape.layers, *spread = &layers[PST_VAE_SPREAD];
    int latent = t->latent;
    g_autofree float *mean = g_new(float, PST_STYLE_SIZE), *axes = g_new(float, (gsize)latent *PST_STYLE_SIZE);
    g_autofree float *deviations = g_new(float, latent);
    PstRandom random = pst_random_at(t->seed, 0, 1);
    float *p = space->parameters;

    pst_principal_components(x, n, PST_STYLE_SIZE, latent, mean, axes, deviations);
    for (int i = 0; i < PST_VAE_LAYERS; i++)
        fill_normal(&layers[i], p, gains[i], &random);
    for (int k = 0; k < latent; k++) {
        for (int i = 0; i < PST_STYLE_SIZE; i++) {
            float axis = axes[(gsize)k * PST_STYLE_SIZE + i];

            p[layers[PST_VAE_MEAN_SKIP].offset + (gsize)k * PST_STYLE_SIZE + i] = axis / deviations[k];
            p[layers[PST_VAE_OUT_SKIP].offset + (gsize)i * latent + k] = axis * deviations[k];
        }
        p[spread->offset + (gsize)spread->in * spread->out + k] = FIRST_SPREAD;
    }
}

/* Weights, gradients and Adam's moments of one network. */
typedef struct {
    gsize size;
    float *weights, *gradient, *m, *v;
} Learner;

static Learner learner_new(gsize size, float *weights)
{
    Learner l = { size, weights, pst_floats_new(size), pst_floats_new(size), pst_floats_new(size) };

    memset(l.gradient, 0, size * sizeof *l.gradient);
    memset(l.m, 0, size * sizeof *l.m);
    memset(l.v, 0, size * sizeof *l.v);
    return l;
}

static void learner_step(Learner *l, int step, double rate, double beta1)
{
    pst_adam_step(l->weights, l->gradient, l->m, l->v, l->size, step + 1, (float)rate, (float)beta1, 0.999f, 1e-8f);
    memset(l->gradient, 0, l->size * sizeof *l->gradient);
}

static void learner_clear(Learner *l)
{
    pst_floats_free(l->gradient);
    pst_floats_free(l->m);
    pst_floats_free(l->v);
}

static void draw_batch(const PstSpaceTraining *t, const float *x, int n, int step, PstVaePass *pass)
{
    PstRandom random = pst_random_at(t->seed, (guint64)step, 2);

    for (int i = 0; i < t->batch; i++) {
        memcpy(pass->x + (gsize)i * PST_STYLE_SIZE, x + (gsize)pst_random_below(&random, n) * PST_STYLE_SIZE,
               PST_STYLE_SIZE * sizeof *x);
    }
    for (int i = 0; i < t->batch * t->latent; i++)
        pass->noise[i] = (float)pst_random_normal(&random);
}

static void train(const PstSpaceTraining *t, PstStyleSpace *space, const float *x, int n)
{
    PstCriticShape critic = pst_critic_shape(t->latent, t->critic);
    g_autoptr(PstVaePass) pass = pst_vae_pass_new(&space->shape, t->batch);
    gsize codes = (gsize)t->batch * t->latent, size = space->shape.size;
    float *critic_weights = pst_floats_new(critic.size), *prior = pst_floats_new(codes);
    float *weights = pst_floats_new(size);
    Learner vae = learner_new(size, weights), judge = learner_new(critic.size, critic_weights);
    PstRandom random = pst_random_at(t->seed, 0, 3);
    double sums[4] = { 0 };
    int every = MAX(1, t->steps / 10);

    for (int i = 0; i < PST_CRITIC_LAYERS; i++)
        fill_normal(&critic.layers[i], critic_weights, 1, &random);
    memcpy(weights, space->parameters, size * sizeof *weights);
    for (int step = 0; step < t->steps; step++) {
        double rate = MIN(1, (step + 1.0) / WARM_UP) * (0.505 + 0.495 * cos(G_PI * step / t->steps));
        double losses[2], keep = MIN(AVERAGE, (step + 1.0) / (step + 10));

        draw_batch(t, x, n, step, pass);
        pst_vae_forward(&space->shape, weights, pass);
        memset(pass->dmean, 0, codes * sizeof *pass->dmean);
        if (t->adversary > 0) {
            for (gsize i = 0; i < codes; i++)
                prior[i] = (float)pst_random_normal(&random);
            sums[2] += pst_critic_loss(&critic, critic_weights, prior, t->batch, TRUE, 1, judge.gradient, NULL);
            sums[3] += pst_critic_loss(&critic, critic_weights, pass->mean, t->batch, FALSE, 1, judge.gradient, NULL);
            pst_critic_loss(&critic, critic_weights, pass->mean, t->batch, TRUE, (float)t->adversary, NULL,
                            pass->dmean);
            learner_step(&judge, step, t->critic_rate, 0.5);
        }
        pst_vae_backward(&space->shape, weights, pass, (float)t->kl, vae.gradient, losses);
        learner_step(&vae, step, t->rate * rate, 0.9);
        for (gsize i = 0; i < size; i++)
            space->parameters[i] += (float)(1 - keep) * (weights[i] - space->parameters[i]);
        sums[0] += losses[0];
        sums[1] += losses[1];
        if (!t->quiet && (step + 1) % every == 0) {
            printf("step %d  error %.4f  divergence %.1f  critic %.3f of prior, %.3f of codes\n", step + 1,
                   sums[0] / every, sums[1] / every * PST_STYLE_SIZE, sums[2] / every, sums[3] / every);
            fflush(stdout);
            memset(sums, 0, sizeof sums);
        }
    }
    learner_clear(&vae);
    learner_clear(&judge);
    pst_floats_free(critic_weights);
    pst_floats_free(prior);
    pst_floats_free(weights);
}

/* ---- white codes ---------------------------------------------------------------------------- */

/* The lower triangle L with L L' = c [n][n], in place. */
static void cholesky(double *c, int n)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
            double sum = k > i ? 0 : c[i * n + k];

            for (int j = 0; j < k && k <= i; j++)
                sum -= c[i * n + j] * c[k * n + j];
            c[i * n + k] = k > i ? 0 : i == k ? sqrt(MAX(sum, 1e-9)) : sum / c[k * n + k];
        }
    }
}

/* W := L^-1 W for W [n][columns]. */
static void solve_rows(const double *l, int n, float *w, int columns)
{
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < columns; c++) {
            double sum = w[(gsize)i * columns + c];

            for (int j = 0; j < i; j++)
                sum -= l[i * n + j] * w[(gsize)j * columns + c];
            w[(gsize)i * columns + c] = (float)(sum / l[i * n + i]);
        }
    }
}

/* For W [rows][n] and, unless NULL, b [rows]: b += W mean, W := W L. */
static void multiply_rows(const double *l, const double *mean, int n, float *w, int rows, float *b)
{
    for (int r = 0; r < rows; r++) {
        float *row = w + (gsize)r * n;

        for (int k = 0; k < n; k++) {
            double sum = 0;

            b[r] += (float)(row[k] * mean[k]);
            /* Of what is read only entries from k on, which are as they were. */
            for (int j = k; j < n; j++)
                sum += row[j] * l[j * n + k];
            row[k] = (float)sum;
        }
    }
}

/* The adversary leaves codes with small means and correlations. A linear map of them, undone in the decoder, takes both
 * away and changes no reconstruction. */
static void whiten(PstStyleSpace *space, const float *whole, int count)
{
    const PstDense *layers = space->shape.layers, *encode = &layers[PST_VAE_MEAN], *decode = &layers[PST_VAE_DECODE];
    const PstDense *out = &layers[PST_VAE_OUT];
    int n = space->shape.latent;
    float *codes = pst_floats_new((gsize)count * n), *p = space->parameters;
    float *bias = p + encode->offset + (gsize)encode->in * n;
    g_autofree double *mean = g_new0(double, n), *l = g_new0(double, (gsize)n *n);

    pst_vae_encode(&space->shape, p, whole, count, codes, NULL);
    for (int i = 0; i < count * n; i++)
        mean[i % n] += codes[i] / (double)count;
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < n * n; k++)
            l[k] += (codes[i * n + k / n] - mean[k / n]) * (codes[i * n + k % n] - mean[k % n]) / count;
    }
    cholesky(l, n);
    for (int k = 0; k < n; k++)
        bias[k] -= (float)mean[k];
    solve_rows(l, n, p + encode->offset, encode->in);
    solve_rows(l, n, bias, 1);
    solve_rows(l, n, p + layers[PST_VAE_MEAN_SKIP].offset, PST_STYLE_SIZE);
    multiply_rows(l, mean, n, p + decode->offset, decode->out, p + decode->offset + (gsize)decode->out * n);
    multiply_rows(l, mean, n, p + layers[PST_VAE_OUT_SKIP].offset, PST_STYLE_SIZE,
                  p + out->offset + (gsize)out->out * out->in);
    pst_floats_free(codes);
}

/* ---- what the autoencoder leaves ------------------------------------------------------------ */

/* Decoded codes of x. */
static float *reconstruct(const PstStyleSpace *space, const float *x, int n)
{
    float *codes = pst_floats_new((gsize)n * space->shape.latent), *y = pst_floats_new((gsize)n * PST_STYLE_SIZE);

    pst_vae_encode(&space->shape, space->parameters, x, n, codes, NULL);
    pst_vae_decode(&space->shape, space->parameters, codes, n, y);
    pst_floats_free(codes);
    return y;
}

/* The rest's axes are those of what artworks lose. Its mean is what random codes lack, so that both have one mean. */
static void fit_rest(const PstSpaceTraining *t, PstStyleSpace *space, const float *whole, int n)
{
    float *rest = reconstruct(space, whole, n), mean[PST_STYLE_SIZE], *codes = pst_floats_new((gsize)DRAWS * t->latent);
    float *drawn = pst_floats_new((gsize)DRAWS * PST_STYLE_SIZE);
    g_autofree float *deviations = g_new(float, space->rests);
    PstRandom random = pst_random_at(t->seed, 0, 4);

    for (gsize i = 0; i < (gsize)n * PST_STYLE_SIZE; i++)
        rest[i] = whole[i] - rest[i];
    pst_principal_components(rest, n, PST_STYLE_SIZE, space->rests, mean, space->rest, deviations);
    for (int r = 0; r < space->rests; r++) {
        for (int i = 0; i < PST_STYLE_SIZE; i++)
            space->rest[(gsize)r * PST_STYLE_SIZE + i] *= deviations[r];
    }
    for (int i = 0; i < DRAWS; i++)
        pst_style_space_draw(space, &random, codes + (gsize)i * t->latent);
    pst_vae_decode(&space->shape, space->parameters, codes, DRAWS, drawn);
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        double real = 0, sum = 0;

        for (int i = 0; i < n; i++)
            real += whole[(gsize)i * PST_STYLE_SIZE + k];
        for (int i = 0; i < DRAWS; i++)
            sum += drawn[(gsize)i * PST_STYLE_SIZE + k];
        space->rest_mean[k] = (float)(real / n - sum / DRAWS);
    }
    pst_floats_free(rest);
    pst_floats_free(codes);
    pst_floats_free(drawn);
}

/* Subtracts from the rows of each artwork, `each` of `width` floats, their mean. */
static void centre(float *rows, int artworks, int each, int width)
{
    for (int i = 0; i < artworks; i++) {
        for (int c = 0; c < width; c++) {
            float *first = rows + (gsize)i * each * width + c;
            double mean = 0;

            for (int k = 0; k < each; k++)
                mean += first[(gsize)k * width] / each;
            for (int k = 0; k < each; k++)
                first[(gsize)k * width] -= (float)mean;
        }
    }
}

/* Colours of statistics, over all rows; and statistics of colours, within each artwork's. */
static void fit_colours(const PstSpaceTraining *t, PstStyleSpace *space, const PstStyleRows *rows)
{
    int each = pst_style_rows_each(rows), n, artworks = 0;
    float *x = gather(t, rows, space, is_trained, 0, each, &n);
    g_autofree float *with_one = g_new(float, (gsize)n *(PST_STYLE_SIZE + 1));
    g_autofree float *colours = g_new(float, (gsize)n *PST_ROW_COLOURS);
    float penalties[PST_STYLE_SIZE + 1];

    for (int i = 0; i < rows->artworks; i++) {
        if (!is_trained(t, i))
            continue;
        memcpy(colours + (gsize)artworks * each * PST_ROW_COLOURS, rows->colour + (gsize)i * each * PST_ROW_COLOURS,
               (gsize)each * PST_ROW_COLOURS * sizeof *colours);
        artworks++;
    }
    for (int i = 0; i < n; i++) {
        float *row = with_one + (gsize)i * (PST_STYLE_SIZE + 1);

        memcpy(row, x + (gsize)i * PST_STYLE_SIZE, PST_STYLE_SIZE * sizeof *x);
        row[PST_STYLE_SIZE] = 1;
    }
    for (int i = 0; i < PST_STYLE_SIZE; i++)
        penalties[i] = RIDGE_TO;
    penalties[PST_STYLE_SIZE] = 1e-3f;
    pst_ridge(with_one, colours, NULL, n, PST_STYLE_SIZE + 1, PST_ROW_COLOURS, penalties, space->to_colour);
    centre(x, artworks, each, PST_STYLE_SIZE);
    centre(colours, artworks, each, PST_ROW_COLOURS);
    for (int i = 0; i < PST_ROW_COLOURS; i++)
        penalties[i] = RIDGE_COLOUR;
    pst_ridge(colours, x, NULL, n, PST_ROW_COLOURS, PST_STYLE_SIZE, penalties, space->colour);
    pst_floats_free(x);
}

/* ---- how well it does ----------------------------------------------------------------------- */

static double mean_square(const float *a, const float *b, gsize n)
{
    double sum = 0;

    for (gsize i = 0; i < n; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return sum / n;
}

/* Of whole artworks that were not seen, beside principal components of those that were. */
static void print_error(const PstSpaceTraining *t, const PstStyleSpace *space, const PstStyleRows *rows)
{
    int seen, n, latent = t->latent;
    float *whole = gather(t, rows, space, is_trained, 0, 1, &seen), *x = gather(t, rows, space, is_tested, 0, 1, &n);
    float *y = reconstruct(space, x, n), mean[PST_STYLE_SIZE];
    g_autofree float *axes = g_new(float, (gsize)latent *PST_STYLE_SIZE), *deviations = g_new(float, latent);
    double error = mean_square(x, y, (gsize)n * PST_STYLE_SIZE), linear;

    pst_principal_components(whole, seen, PST_STYLE_SIZE, latent, mean, axes, deviations);
    for (int i = 0; i < n; i++) {
        const float *row = x + (gsize)i * PST_STYLE_SIZE;
        float *to = y + (gsize)i * PST_STYLE_SIZE;

        memcpy(to, mean, sizeof mean);
        for (int k = 0; k < latent; k++) {
            const float *axis = axes + (gsize)k * PST_STYLE_SIZE;
            double along = 0;

            for (int c = 0; c < PST_STYLE_SIZE; c++)
                along += (row[c] - mean[c]) * axis[c];
            for (int c = 0; c < PST_STYLE_SIZE; c++)
                to[c] += (float)along * axis[c];
        }
    }
    linear = mean_square(x, y, (gsize)n * PST_STYLE_SIZE);
    printf("%d artworks not seen: error %.4f, of %d principal components %.4f: %.1f %% less\n", n, error, latent,
           linear, 100 * (1 - error / linear));
    pst_floats_free(whole);
    pst_floats_free(x);
    pst_floats_free(y);
}

PstStyleSpace *pst_space_training_run(const PstSpaceTraining *t, const PstStyleRows *rows)
{
    PstStyleSpace *space = pst_style_space_new(t->latent, t->hidden, t->rests);
    int n, artworks;
    float *x, *whole;

    measure(t, rows, space);
    x = gather(t, rows, space, is_trained, 0, 1 + rows->parts, &n);
    whole = gather(t, rows, space, is_trained, 0, 1, &artworks);
    begin(t, space, x, n);
    train(t, space, x, n);
    whiten(space, whole, artworks);
    fit_rest(t, space, whole, artworks);
    fit_colours(t, space, rows);
    if (!t->quiet)
        print_error(t, space, rows);
    pst_floats_free(x);
    pst_floats_free(whole);
    return space;
}
