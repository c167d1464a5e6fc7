#include "adaptation.h"

#include "guided_filter.h"

#include "engine/paint/painter.h"
#include "engine/picture/oklab.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define NOISE        1e-5  /* variance of Oklab: colours of an even picture are hardly stretched */
#define STRETCH      1.5   /* of differences between colours, at most: more looks like no light there is */
#define WINDOWS      16    /* of A's filter over the short side */
#define EPSILON      1e-3f /* variance from which on A follows the photograph's edges */
#define LEAST_DETAIL 0.5   /* and most: how much detail grows */
#define MOST_DETAIL  2.0
#define BETA         0.01 /* of the short side: waves that are exchanged */
#define STEP         64   /* rows between looks at a cancel */
#define TERMS        12   /* a linear map: 3 rows of 4 */

const char *const pst_adaptation_names[] = { "colour", "network", "fourier", NULL };

struct PstAdaptation {
    double strength;
    double map[3][4]; /* G */
    PstMap field;     /* A: [height][width][TERMS]; the noise is in its constant terms */
};

/* A curve of lightness: quantiles to quantiles. */
typedef struct {
    float from[PST_DOMAIN_TONES], to[PST_DOMAIN_TONES];
    double detail; /* how much detail grows */
} Tone;

static void transform(const double map[3][4], const float *p, float *q)
{
    for (int c = 0; c < 3; c++)
        q[c] = (float)(map[c][0] * p[0] + map[c][1] * p[1] + map[c][2] * p[2] + map[c][3]);
}

/* ---- colour --------------------------------------------------------------------------------- */

/* Quantiles that are the same make a step; beyond the ends the curve goes on in parallel. */
static float tone_of(const Tone *tone, float light)
{
    const float *from = tone->from, *to = tone->to;
    int low = 0, high = PST_DOMAIN_TONES - 1;

    if (light <= from[0])
        return light - from[0] + to[0];
    if (light >= from[high])
        return light - from[high] + to[high];
    while (high - low > 1) {
        int middle = (low + high) / 2;

        if (from[middle] <= light)
            low = middle;
        else
            high = middle;
    }
    return to[low] + (to[high] - to[low]) * (light - from[low]) / MAX(from[high] - from[low], 1e-6f);
}

/* Lightness of the source after G: its own moved as G moves grey, as quantiles know nothing of colours. */
static Tone find_tone(const double map[3][4], const PstDomain *source, const PstDomain *target)
{
    Tone tone;
    const PstColourMoments *colours = pst_domain_colours(source);
    double offset = map[0][3] + map[0][1] * colours->mean[1] + map[0][2] * colours->mean[2];

    pst_domain_tones(source, tone.from);
    pst_domain_tones(target, tone.to);
    for (int i = 0; i < PST_DOMAIN_TONES; i++)
        tone.from[i] = (float)(map[0][0] * tone.from[i] + offset);
    tone.detail = pst_domain_detail(target) / MAX(map[0][0] * pst_domain_detail(source), 1e-4);
    tone.detail = CLAMP(tone.detail, LEAST_DETAIL, MOST_DETAIL);
    return tone;
}

static PstMap make_colour(PstAdaptation *adaptation, const PstMap *lab, const PstDomain *source,
                          const PstDomain *target)
{
    PstMap made = pst_map_new(lab->height, lab->width, 3), base;
    Tone tone;

    pst_colour_transport(pst_domain_colours(source), pst_domain_colours(target), NOISE, STRETCH, adaptation->map);
    for (gsize i = 0; i < (gsize)lab->height * lab->width; i++)
        transform(adaptation->map, lab->data + 3 * i, made.data + 3 * i);
    tone = find_tone(adaptation->map, source, target);
    base = pst_domain_base(&made);
    for (gsize i = 0; i < pst_map_size(&base); i++) {
        float *light = made.data + 3 * i;

        *light = tone_of(&tone, base.data[i]) + (float)tone.detail * (*light - base.data[i]);
    }
    pst_map_clear(&base);
    return made;
}

/* ---- network -------------------------------------------------------------------------------- */

static gboolean make_network(PstAdaptation *adaptation, const PstPicture *small, const PstMap *lab,
                             const PstDomain *target, const PstModel *model, PstThreadPool *pool,
                             GCancellable *cancellable, PstMap *made, GError **error)
{
    const PstRowSource source = pst_row_source(small);
    const PstPaintLayer layer = { .style = pst_domain_style(target) };
    g_autoptr(PstPainter) painter = pst_painter_new(model, pool, &source, NULL, cancellable, error);
    g_autoptr(PstPicture) painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    PstColourMoments from = pst_colour_moments(lab), to;

    if (!painter || !pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, cancellable, error))
        return FALSE;
    *made = pst_domain_lab(painting);
    to = pst_colour_moments(made);
    pst_colour_transport(&from, &to, NOISE, STRETCH, adaptation->map);
    return TRUE;
}

/* ---- fourier -------------------------------------------------------------------------------- */

/* Adds waves [v][u][channel] of a real picture, whose frequencies come in pairs: twice the real part where only one of
 * a pair is here, which is so for all but u = 0. Columns first, then rows. */
static void add_waves(PstPicture *picture, const float complex *waves, int most)
{
    int w = picture->width, h = picture->height, across = most + 1;
    g_autofree float complex *turn = g_new(float complex, w), *column = g_new(float complex, 3 * across);

    for (int x = 0; x < w; x++)
        turn[x] = cexpf(2 * (float)G_PI * I * (float)x / (float)w);
    for (int y = 0; y < h; y++) {
        memset(column, 0, 3 * across * sizeof *column);
        for (int v = -most; v <= most; v++) {
            float complex wave = cexpf(2 * (float)G_PI * I * (float)v * (float)y / (float)h);

            for (int i = 0; i < 3 * across; i++)
                column[i] += wave * waves[(v + most) * 3 * across + i];
        }
        for (int x = 0; x < w; x++) {
            float *p = picture->rgb + 3 * ((gsize)y * w + x);

            for (int u = 0; u < across; u++) {
                for (int c = 0; c < 3; c++)
                    p[c] += (u == 0 ? 1 : 2) * crealf(column[3 * u + c] * turn[(gsize)u * x % w]);
            }
        }
    }
}

static gboolean make_fourier(PstAdaptation *adaptation, const PstPicture *small, const PstDomain *target, guint64 seed,
                             GCancellable *cancellable, PstMap *made, GError **error)
{
    g_autofree float complex *waves = g_new(float complex, PST_DOMAIN_SPECTRUM), *changes = NULL;
    const float *amplitudes = pst_domain_spectrum(target, seed);
    int most = CLAMP((int)(BETA * MIN(small->width, small->height)), 1, PST_DOMAIN_WAVES), next = 0;
    g_autoptr(PstPicture) picture = pst_picture_resize(small, small->width, small->height, cancellable, error);

    if (!picture)
        return FALSE;
    pst_domain_waves(small, waves);
    changes = g_new(float complex, 3 * (2 * most + 1) * (most + 1));
    for (int v = PST_DOMAIN_WAVES - most; v <= PST_DOMAIN_WAVES + most; v++) {
        for (int i = v * 3 * (PST_DOMAIN_WAVES + 1); next < 3 * (most + 1) * (v - PST_DOMAIN_WAVES + most + 1); i++) {
            float size = cabsf(waves[i]);

            changes[next++] = size > 1e-9f ? (amplitudes[i] / size - 1) * waves[i] : 0;
        }
    }
    add_waves(picture, changes, most);
    *made = pst_domain_lab(picture);
    for (int c = 0; c < 3; c++)
        adaptation->map[c][c] = 1;
    return TRUE;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* What was made beyond G, as maps that are linear in every window. */
static PstMap find_field(const PstAdaptation *adaptation, const PstMap *lab, PstMap *made)
{
    int radius = MAX(2, MIN(lab->width, lab->height) / WINDOWS);

    for (gsize i = 0; i < (gsize)lab->height * lab->width; i++) {
        float moved[3];

        transform(adaptation->map, lab->data + 3 * i, moved);
        for (int c = 0; c < 3; c++)
            made->data[3 * i + c] -= moved[c];
    }
    return pst_guided_coefficients(lab, made, radius, EPSILON);
}

/* Gains are those of G along the axes of Oklab. */
static void add_noise(PstAdaptation *adaptation, const PstDomain *source, const PstDomain *target,
                      const PstAdaptationOptions *options)
{
    const double(*map)[4] = adaptation->map;
    PstRandom random = pst_random_at(options->seed, 0, 1);
    PstMap noise = pst_noise_draw(pst_domain_noise(target), pst_domain_noise(source),
                                  (const double[]){ map[0][0], map[1][1], map[2][2] }, adaptation->field.height,
                                  adaptation->field.width, &random);

    for (gsize i = 0; i < pst_map_size(&noise); i++)
        adaptation->field.data[i / 3 * TERMS + i % 3 * 4 + 3] += (float)options->noise * noise.data[i];
    pst_map_clear(&noise);
}

PstAdaptation *pst_adaptation_new(const PstPicture *small, const PstDomain *source, const PstDomain *target,
                                  const PstAdaptationOptions *options, const PstModel *model, PstThreadPool *pool,
                                  GCancellable *cancellable, GError **error)
{
    g_autoptr(PstAdaptation) adaptation = g_new0(PstAdaptation, 1);
    g_autoptr(PstDomain) own = NULL;
    PstMap lab, made = { 0 };
    gboolean done = TRUE;

    if (!source && (options->method == PST_ADAPTATION_COLOUR || options->noise > 0)) {
        source = own = pst_domain_new(NULL, NULL);
        if (!pst_domain_add(own, small, cancellable, error))
            return NULL;
    }
    adaptation->strength = options->strength;
    lab = pst_domain_lab(small);
    switch (options->method) {
    case PST_ADAPTATION_COLOUR:
        made = make_colour(adaptation, &lab, source, target);
        break;
    case PST_ADAPTATION_NETWORK:
        done = make_network(adaptation, small, &lab, target, model, pool, cancellable, &made, error);
        break;
    case PST_ADAPTATION_FOURIER:
        done = make_fourier(adaptation, small, target, options->seed, cancellable, &made, error);
        break;
    }
    if (done)
        adaptation->field = find_field(adaptation, &lab, &made);
    if (done && options->noise > 0)
        add_noise(adaptation, source, target, options);
    pst_map_clear(&lab);
    pst_map_clear(&made);
    return done ? g_steal_pointer(&adaptation) : NULL;
}

void pst_adaptation_free(PstAdaptation *adaptation)
{
    if (!adaptation)
        return;
    pst_map_clear(&adaptation->field);
    g_free(adaptation);
}

typedef struct {
    const PstAdaptation *adaptation;
    int width, height, first;
    float *rgb;
} Rows;

/* Where a pixel lies between two of the field's, in one direction. */
static int place(int pixel, int pixels, int cells, float *share)
{
    float at = ((float)pixel + 0.5f) * (float)cells / (float)pixels - 0.5f;
    int cell;

    at = CLAMP(at, 0, (float)(cells - 1));
    cell = MIN((int)at, MAX(0, cells - 2));
    *share = cells > 1 ? at - (float)cell : 0;
    return cell;
}

static void apply_row(int task, int worker, gpointer data)
{
    const Rows *rows = data;
    const PstMap *field = &rows->adaptation->field;
    float strength = (float)rows->adaptation->strength, down, across;
    float *rgb = rows->rgb + 3 * (gsize)task * rows->width;
    int top = place(rows->first + task, rows->height, field->height, &down);
    int under = MIN(top + 1, field->height - 1);
    g_autofree float *line = g_new(float, (gsize)field->width *TERMS);

    for (gsize i = 0; i < (gsize)field->width * TERMS; i++)
        line[i] = (1 - down) * pst_map_at(field, top, 0)[i] + down * pst_map_at(field, under, 0)[i];
    for (int x = 0; x < rows->width; x++, rgb += 3) {
        int left = place(x, rows->width, field->width, &across), right = MIN(left + 1, field->width - 1);
        const float *a = line + left * TERMS, *b = line + right * TERMS;
        float lab[3], made[3];

        pst_oklab(rgb, lab);
        transform(rows->adaptation->map, lab, made);
        for (int c = 0; c < 3; c++) {
            float terms[4];

            for (int k = 0; k < 4; k++)
                terms[k] = a[4 * c + k] + across * (b[4 * c + k] - a[4 * c + k]);
            made[c] += terms[0] * lab[0] + terms[1] * lab[1] + terms[2] * lab[2] + terms[3];
            made[c] = lab[c] + strength * (made[c] - lab[c]);
        }
        pst_oklab_to_srgb(made, rgb);
    }
}

void pst_adaptation_apply(const PstAdaptation *adaptation, PstThreadPool *pool, int width, int height, int first,
                          int rows, float *rgb)
{
    Rows all = { adaptation, width, height, first, rgb };

    pst_thread_pool_run(pool, rows, apply_row, &all);
}

PstPicture *pst_adaptation_picture(const PstAdaptation *adaptation, PstThreadPool *pool, const PstPicture *photo,
                                   GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) result = pst_picture_resize(photo, photo->width, photo->height, cancellable, error);

    if (!result)
        return NULL;
    for (int y = 0; y < result->height; y += STEP) {
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return NULL;
        pst_adaptation_apply(adaptation, pool, result->width, result->height, y, MIN(STEP, result->height - y),
                             result->rgb + 3 * (gsize)y * result->width);
    }
    return g_steal_pointer(&result);
}

char *pst_adaptation_cube(const PstDomain *source, const PstDomain *target, double strength, int side,
                          const char *title)
{
    GString *text = g_string_new(NULL);
    double map[3][4];
    Tone tone;

    pst_colour_transport(pst_domain_colours(source), pst_domain_colours(target), NOISE, STRETCH, map);
    tone = find_tone(map, source, target);
    g_string_append_printf(text, "TITLE \"%s\"\nLUT_3D_SIZE %d\n", title, side);
    for (int i = 0; i < side * side * side; i++) {
        const float step = 1 / (float)(side - 1);
        const float rgb[3] = { (float)(i % side) * step, (float)(i / side % side) * step,
                               (float)(i / side / side) * step };
        float lab[3], made[3];
        char numbers[3][G_ASCII_DTOSTR_BUF_SIZE];

        pst_oklab(rgb, lab);
        transform(map, lab, made);
        made[0] = tone_of(&tone, made[0]);
        for (int c = 0; c < 3; c++)
            made[c] = lab[c] + (float)strength * (made[c] - lab[c]);
        pst_oklab_to_srgb(made, made);
        for (int c = 0; c < 3; c++)
            g_ascii_formatd(numbers[c], sizeof numbers[c], "%.6f", made[c]);
        g_string_append_printf(text, "%s %s %s\n", numbers[0], numbers[1], numbers[2]);
    }
    return g_string_free(text, FALSE);
}
