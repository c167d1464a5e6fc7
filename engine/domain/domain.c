#include "domain.h"

#include "guided_filter.h"

#include "engine/picture/oklab.h"
#include "engine/picture/reduction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES      1024 /* tones kept of a picture */
#define MOST_SPECTRA 64
#define WINDOWS      12     /* of the base's filter over the short side */
#define BASE_EPSILON 0.01f  /* variance of lightness that is more than detail */
#define LARGEST      800000 /* pixels that a file is read at before it is resized */

struct PstDomain {
    const PstModel *model;
    PstThreadPool *pool;
    int count;
    PstColourMoments colours;
    GArray *tones; /* of float */
    double detail; /* sum */
    GPtrArray *spectra;
    PstNoise noise;
    PstStyle *style;
};

PstDomain *pst_domain_new(const PstModel *model, PstThreadPool *pool)
{
    PstDomain *domain = g_new0(PstDomain, 1);

    domain->model = model;
    domain->pool = pool;
    domain->tones = g_array_new(FALSE, FALSE, sizeof(float));
    domain->spectra = g_ptr_array_new_with_free_func(g_free);
    return domain;
}

void pst_domain_free(PstDomain *domain)
{
    if (!domain)
        return;
    g_array_unref(domain->tones);
    g_ptr_array_unref(domain->spectra);
    pst_style_free(domain->style);
    g_free(domain);
}

/* ---- small copies --------------------------------------------------------------------------- */

static void lay_on_white(PstPicture *picture)
{
    for (gsize i = 0; picture->alpha && i < (gsize)picture->width * picture->height; i++) {
        for (int c = 0; c < 3; c++)
            picture->rgb[3 * i + c] = picture->alpha[i] * picture->rgb[3 * i + c] + 1 - picture->alpha[i];
    }
}

PstPicture *pst_domain_shrink(const PstPicture *picture, GCancellable *cancellable, GError **error)
{
    int width = picture->width, height = picture->height;
    PstPicture *small;

    if (MIN(width, height) > PST_DOMAIN_SIDE)
        pst_size_fit_short_side(picture->width, picture->height, PST_DOMAIN_SIDE, &width, &height);
    if ((small = pst_picture_resize(picture, width, height, cancellable, error)))
        lay_on_white(small);
    return small;
}

PstPicture *pst_domain_read(const char *path, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) picture = pst_picture_read_reduced(path, LARGEST, FALSE, cancellable, error);

    return picture ? pst_domain_shrink(picture, cancellable, error) : NULL;
}

/* ---- statistics ----------------------------------------------------------------------------- */

PstMap pst_domain_lab(const PstPicture *picture)
{
    PstMap lab = pst_map_new(picture->height, picture->width, 3);

    for (gsize i = 0; i < (gsize)picture->width * picture->height; i++)
        pst_oklab(picture->rgb + 3 * i, lab.data + 3 * i);
    return lab;
}

PstMap pst_domain_base(const PstMap *lab)
{
    PstMap light = pst_map_new(lab->height, lab->width, 1), coefficients, base;

    for (gsize i = 0; i < pst_map_size(&light); i++)
        light.data[i] = lab->data[3 * i];
    coefficients = pst_guided_coefficients(&light, &light, MAX(4, MIN(lab->width, lab->height) / WINDOWS),
                                           BASE_EPSILON);
    base = pst_guided_apply(&coefficients, &light);
    pst_map_clear(&coefficients);
    pst_map_clear(&light);
    return base;
}

/* The transform is separable, and only few frequencies are wanted: rows first, then columns. */
void pst_domain_waves(const PstPicture *picture, float complex *waves)
{
    enum { ACROSS = PST_DOMAIN_WAVES + 1 };
    int w = picture->width, h = picture->height;
    g_autofree float complex *turn = g_new(float complex, w), *row = g_new(float complex, ACROSS * 3);

    memset(waves, 0, PST_DOMAIN_SPECTRUM * sizeof *waves);
    for (int x = 0; x < w; x++)
        turn[x] = cexpf(-2 * (float)G_PI * I * (float)x / (float)w);
    for (int y = 0; y < h; y++) {
        memset(row, 0, ACROSS * 3 * sizeof *row);
        for (int x = 0; x < w; x++) {
            const float *p = picture->rgb + 3 * ((gsize)y * w + x);

            for (int u = 0; u < ACROSS; u++) {
                float complex wave = turn[(gsize)u * x % w];

                for (int c = 0; c < 3; c++)
                    row[3 * u + c] += p[c] * wave;
            }
        }
        for (int v = -PST_DOMAIN_WAVES; v <= PST_DOMAIN_WAVES; v++) {
            float complex wave = cexpf(-2 * (float)G_PI * I * (float)v * (float)y / (float)h);

            for (int i = 0; i < ACROSS * 3; i++)
                waves[(v + PST_DOMAIN_WAVES) * ACROSS * 3 + i] += wave * row[i];
        }
    }
    for (int i = 0; i < PST_DOMAIN_SPECTRUM; i++)
        waves[i] /= (float)w * (float)h;
}

static void add_tones(PstDomain *domain, const PstMap *lab)
{
    PstMap base = pst_domain_base(lab);
    gsize n = pst_map_size(&base);
    double sum = 0;

    for (gsize i = 0; i < n; i++)
        sum += pow(lab->data[3 * i] - base.data[i], 2);
    for (gsize i = 0; i < SAMPLES; i++)
        g_array_append_val(domain->tones, base.data[i * n / SAMPLES]);
    domain->detail += sqrt(sum / (double)n);
    pst_map_clear(&base);
}

static void add_spectrum(PstDomain *domain, const PstPicture *small)
{
    g_autofree float complex *waves = g_new(float complex, PST_DOMAIN_SPECTRUM);
    float *amplitudes = g_new(float, PST_DOMAIN_SPECTRUM);

    pst_domain_waves(small, waves);
    for (int i = 0; i < PST_DOMAIN_SPECTRUM; i++)
        amplitudes[i] = cabsf(waves[i]);
    g_ptr_array_add(domain->spectra, amplitudes);
}

static gboolean add_style(PstDomain *domain, const PstPicture *small, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstStyle) style = pst_style_from_picture(domain->model, domain->pool, small,
                                                       MIN(small->width, small->height), "", cancellable, error);

    if (!style)
        return FALSE;
    /* Light is to be taken over, not what things look like. */
    g_clear_pointer(&style->patches, pst_style_patches_unref);
    if (domain->style) {
        const PstStyle *both[] = { domain->style, style };
        PstStyle *mix = pst_style_mix(both, (const double[]){ domain->count, 1 }, 2);

        pst_style_free(domain->style);
        domain->style = mix;
    } else {
        domain->style = g_steal_pointer(&style);
    }
    return TRUE;
}

gboolean pst_domain_add(PstDomain *domain, const PstPicture *small, GCancellable *cancellable, GError **error)
{
    PstMap lab;
    PstColourMoments colours;

    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        (domain->model && !add_style(domain, small, cancellable, error)))
        return FALSE;
    lab = pst_domain_lab(small);
    colours = pst_colour_moments(&lab);
    if (domain->count == 0)
        domain->colours = colours;
    else
        pst_colour_moments_join(&domain->colours, domain->count, &colours);
    add_tones(domain, &lab);
    pst_noise_add(&domain->noise, &lab);
    if (domain->spectra->len < MOST_SPECTRA)
        add_spectrum(domain, small);
    domain->count++;
    pst_map_clear(&lab);
    return TRUE;
}

/* ---- what is known -------------------------------------------------------------------------- */

int pst_domain_count(const PstDomain *domain)
{
    return domain->count;
}

const PstColourMoments *pst_domain_colours(const PstDomain *domain)
{
    return &domain->colours;
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

void pst_domain_tones(const PstDomain *domain, float tones[PST_DOMAIN_TONES])
{
    guint n = domain->tones->len;
    g_autofree float *sorted = g_memdup2(domain->tones->data, n * sizeof(float));

    qsort(sorted, n, sizeof *sorted, ascending);
    for (guint i = 0; i < PST_DOMAIN_TONES; i++)
        tones[i] = sorted[(guint64)i * (n - 1) / (PST_DOMAIN_TONES - 1)];
}

double pst_domain_detail(const PstDomain *domain)
{
    return domain->detail / domain->count;
}

const float *pst_domain_spectrum(const PstDomain *domain, guint64 index)
{
    return domain->spectra->pdata[index % domain->spectra->len];
}

const PstNoise *pst_domain_noise(const PstDomain *domain)
{
    return &domain->noise;
}

const PstStyle *pst_domain_style(const PstDomain *domain)
{
    return domain->style;
}
