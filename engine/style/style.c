#include "style.h"

#include <math.h>
#include <string.h>

#include "engine/network/model_private.h"
#include "engine/network/padding.h"

/* A style is encoded whole; a frieze a thousand times wider than high is made smaller than asked for. */
#define LARGEST_PIXELS (8 << 20)

PstStyle *pst_style_new(const char *name)
{
    PstStyle *style = g_new0(PstStyle, 1);

    style->name = g_strdup(name);
    return style;
}

PstStyle *pst_style_copy(const PstStyle *style)
{
    PstStyle *copy = g_new0(PstStyle, 1);

    *copy = *style;
    copy->name = g_strdup(style->name);
    copy->artist = g_strdup(style->artist);
    copy->year = g_strdup(style->year);
    copy->movement = g_strdup(style->movement);
    copy->licence = g_strdup(style->licence);
    copy->author = g_strdup(style->author);
    copy->sources = g_strdup(style->sources);
    copy->recipe = g_strdup(style->recipe);
    copy->curve = g_strdup(style->curve);
    copy->report = g_strdup(style->report);
    copy->delta = style->delta ? pst_weight_delta_ref(style->delta) : NULL;
    copy->patches = style->patches ? pst_style_patches_ref(style->patches) : NULL;
    copy->palette = style->palette ? pst_style_palette_ref(style->palette) : NULL;
    copy->thumbnail = style->thumbnail ? g_bytes_ref(style->thumbnail) : NULL;
    return copy;
}

void pst_style_free(PstStyle *style)
{
    if (!style) {
        return;
    }
    g_free(style->name);
    g_free(style->artist);
    g_free(style->year);
    g_free(style->movement);
    g_free(style->licence);
    g_free(style->author);
    g_free(style->sources);
    g_free(style->recipe);
    g_free(style->curve);
    g_free(style->report);
    pst_weight_delta_unref(style->delta);
    pst_style_patches_unref(style->patches);
    pst_style_palette_unref(style->palette);
    g_clear_pointer(&style->thumbnail, g_bytes_unref);
    g_free(style);
}

gboolean pst_style_equal(const PstStyle *a, const PstStyle *b)
{
    const char *const texts[][2] = {
        { a->name, b->name },       { a->artist, b->artist }, { a->year, b->year },       { a->movement, b->movement },
        { a->licence, b->licence }, { a->author, b->author }, { a->sources, b->sources }, { a->recipe, b->recipe },
        { a->curve, b->curve },     { a->report, b->report },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (g_strcmp0(texts[i][0], texts[i][1]) != 0) {
            return FALSE;
        }
    }
    return (a->thumbnail && b->thumbnail ? g_bytes_equal(a->thumbnail, b->thumbnail) : a->thumbnail == b->thumbnail) &&
           memcmp(a->statistics, b->statistics, sizeof a->statistics) == 0 &&
           memcmp(a->correction, b->correction, sizeof a->correction) == 0 &&
           pst_style_patches_equal(a->patches, b->patches) && pst_style_palette_equal(a->palette, b->palette) &&
           pst_weight_delta_equal(a->delta, b->delta);
}

gboolean pst_style_is_corrected(const PstStyle *style)
{
    for (int i = 0; i < PST_STYLE_CHANNELS; i++) {
        if (style->correction[i] != 0) {
            return TRUE;
        }
    }
    return FALSE;
}

PstPicture *pst_style_resize(const PstPicture *picture, int short_side, int most, GCancellable *cancellable,
                             GError **error)
{
    int shorter = MIN(picture->width, picture->height);
    int side = MIN(short_side ? short_side : PST_STYLE_SIDE, 2 * shorter);
    int fitted_width, fitted_height;

    pst_size_fit_short_side(picture->width, picture->height, side, &fitted_width, &fitted_height);
    double excess = sqrt((double)fitted_width * fitted_height / most);
    if (excess > 1) {
        fitted_width = MAX(1, (int)(fitted_width / excess));
        fitted_height = MAX(1, (int)(fitted_height / excess));
    }
    return pst_picture_resize(picture, fitted_width, fitted_height, cancellable, error);
}

PstStyle *pst_style_from_picture(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, int short_side,
                                 const char *name, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) sized = pst_style_resize(picture, short_side, LARGEST_PIXELS, cancellable, error);

    if (!sized) {
        return NULL;
    }
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    g_autoptr(PstStyle) style = pst_style_new(name);
    int height = pst_padded_side(sized->height), width = pst_padded_side(sized->width);
    PstMap rgb = pst_map_new(height, width, 3), taps[PST_STYLE_TAPS + 1];

    pst_padded_fill(sized, 0, &rgb);
    pst_encoder_taps_new(height, width, taps);
    pst_encoder_run(pst_model_encoder(model), executor, &rgb, taps);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        g_autoptr(PstMoments) moments = pst_moments_new(taps[tap].channels);
        float *means = style->statistics + pst_style_offset(tap);

        pst_executor_gather(executor, &taps[tap], 0, taps[tap].height, moments);
        pst_moments_get(moments, PST_EPSILON, means, means + PST_STYLE_CHANNELS);
    }
    style->patches = pst_style_patches_new(taps, style->statistics);
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        pst_map_clear(&taps[tap]);
    }
    pst_map_clear(&rgb);
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) {
        return NULL;
    }
    return g_steal_pointer(&style);
}

gboolean pst_style_add_palette(PstStyle *style, const PstModel *model, PstThreadPool *pool,
                               const PstPicture *const *paintings, int count, GCancellable *cancellable, GError **error)
{
    const PstFeatureNetwork *network = pst_model_feature_network(model, error);

    g_clear_pointer(&style->palette, pst_style_palette_unref);
    style->palette = network ? pst_style_palette_new(network, pool, paintings, count, cancellable, error) : NULL;
    return style->palette != NULL;
}

static PstStylePalette *mix_palettes(const PstStyle *const *styles, const double *weights, double total, int n)
{
    g_autofree const PstStylePalette **palettes = g_new(const PstStylePalette *, n);
    g_autofree double *shares = g_new(double, n);

    for (int i = 0; i < n; i++) {
        if (!styles[i]->palette) {
            return NULL;
        }
        palettes[i] = styles[i]->palette;
        shares[i] = weights[i] / total;
    }
    return pst_style_palette_mix(palettes, shares, n);
}

static PstStylePatches *mix_patches(const PstStyle *const *styles, const double *weights, double total, int n)
{
    g_autofree const PstStylePatches **patches = g_new(const PstStylePatches *, n);
    g_autofree double *shares = g_new(double, n);

    for (int i = 0; i < n; i++) {
        patches[i] = styles[i]->patches;
        shares[i] = weights[i] / total;
    }
    return pst_style_patches_mix(patches, shares, n);
}

static PstWeightDelta *mix_deltas(const PstStyle *const *styles, const double *weights, double total, int n)
{
    g_autofree PstWeightDelta **deltas = g_new(PstWeightDelta *, n);
    g_autofree double *shares = g_new(double, n);

    for (int i = 0; i < n; i++) {
        deltas[i] = styles[i]->delta;
        shares[i] = weights[i] / total;
    }
    return pst_weight_delta_mix(deltas, shares, n);
}

PstStyle *pst_style_mix(const PstStyle *const *styles, const double *weights, int n)
{
    g_autoptr(GString) name = g_string_new(NULL);
    double total = 0;

    for (int i = 0; i < n; i++) {
        total += weights[i];
        g_string_append_printf(name, "%s%s", i ? " + " : "", styles[i]->name);
    }
    if (n == 1) {
        return pst_style_copy(styles[0]);
    }
    PstStyle *mix = pst_style_new(name->str);
    for (int k = 0; k < PST_STYLE_SIZE; k++) {
        gboolean deviation = k >= PST_STYLE_CHANNELS;
        double sum = 0;

        for (int i = 0; i < n; i++) {
            double value = styles[i]->statistics[k];

            sum += weights[i] / total * (deviation ? value * value : value);
        }
        mix->statistics[k] = deviation ? sqrt(sum) : sum;
    }
    for (int k = 0; k < PST_STYLE_CHANNELS; k++) {
        double sum = 0;

        for (int i = 0; i < n; i++) {
            sum += weights[i] / total * styles[i]->correction[k];
        }
        mix->correction[k] = sum;
    }
    mix->patches = mix_patches(styles, weights, total, n);
    mix->palette = mix_palettes(styles, weights, total, n);
    mix->delta = mix_deltas(styles, weights, total, n);
    return mix;
}
