#include "example.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "engine/gradient/vector.h"
#include "engine/picture/format.h"
#include "engine/picture/reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK(pst-example-error-quark, pst_example_error);

/* ---- reading -------------------------------------------------------------------------------- */

void pst_example_set(PstExample *e, const PstPicture *picture)
{
    gsize n = (gsize)picture->width * picture->height * 3;

    e->width = picture->width;
    e->height = picture->height;
    e->rgb = pst_memory_new(n, G_MEM_ALIGN);
    for (gsize i = 0; i < n; i++) {
        float value = picture->alpha ? 1 + (picture->rgb[i] - 1) * picture->alpha[i / 3] : picture->rgb[i];

        e->rgb[i] = (guint8)lrintf(CLAMP(value, 0, 1) * 255);
    }
}

void pst_example_clear(PstExample *e)
{
    g_clear_pointer(&e->rgb, pst_memory_free);
}

PstPicture *pst_example_picture(const PstExample *example, GError **error)
{
    PstPicture *picture = pst_picture_new(example->width, example->height, FALSE, error);

    for (gsize i = 0; picture && i < (gsize)3 * example->width * example->height; i++) {
        picture->rgb[i] = example->rgb[i] / 255.0f;
    }
    return picture;
}

gboolean pst_example_read(PstExample *e, const char *path, int least, int *width, int *height,
                          GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, cancellable, error);
    g_autoptr(PstPicture) smaller = NULL;
    int side = picture ? MIN(picture->width, picture->height) : 0;

    if (!picture) {
        return FALSE;
    }
    if (side < least) {
        g_set_error(error, PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_SMALL,
                    _("%s: is only %d x %d pixels, less than %d x %d"), path, picture->width, picture->height, least,
                    least);
        return FALSE;
    }
    if (side > PST_EXAMPLE_SIDE &&
        !(smaller = pst_picture_fit_short_side(picture, PST_EXAMPLE_SIDE, cancellable, error))) {
        return FALSE;
    }
    if (width) {
        *width = picture->width;
        *height = picture->height;
    }
    pst_example_set(e, smaller ? smaller : picture);
    return TRUE;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *pst_example_list(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        if (pst_format_is_read(pst_format_from_suffix(name))) {
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(paths, by_name);
    return paths;
}

/* ---- crops ---------------------------------------------------------------------------------- */

PstCrop pst_example_whole(const PstExample *e)
{
    return (PstCrop){ 0, 0, e->width, e->height, FALSE };
}

PstCrop pst_example_random_square(const PstExample *e, PstRandom *random, int smallest, int largest)
{
    int limit = MIN(e->width, e->height);
    int side = (int)lrint(pst_random_log_uniform(random, MIN(smallest, limit), MIN(largest, limit)));
    PstCrop w = { .width = side, .height = side };

    w.x = pst_random_below(random, e->width - side + 1);
    w.y = pst_random_below(random, e->height - side + 1);
    w.mirrored = pst_random_below(random, 2);
    return w;
}

PstCrop pst_example_random_part(const PstExample *e, PstRandom *random)
{
    PstCrop w = { .mirrored = FALSE };

    w.width = MAX(1, (int)(e->width * pst_random_uniform(random, 0.7, 1)));
    w.height = MAX(1, (int)(e->height * pst_random_uniform(random, 0.7, 1)));
    w.x = pst_random_below(random, e->width - w.width + 1);
    w.y = pst_random_below(random, e->height - w.height + 1);
    return w;
}

PstExample pst_example_cut(const PstExample *e, PstCrop crop)
{
    PstExample part = { crop.width, crop.height, pst_memory_new((gsize)3 * crop.width * crop.height, G_MEM_ALIGN) };

    for (int y = 0; y < crop.height; y++) {
        memcpy(part.rgb + (gsize)3 * y * crop.width, e->rgb + 3 * ((gsize)(crop.y + y) * e->width + crop.x),
               (gsize)3 * crop.width);
    }
    return part;
}

/* ---- resampling ----------------------------------------------------------------------------- */

/* How one side is resampled: output i is the weighted sum of `count` inputs from first[i] on. */
typedef struct {
    int count;
    int *first;
    float *weight; /* [outputs][count] */
} Filter;

static double cubic(double x)
{
    x = fabs(x);
    if (x < 1) {
        return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

static Filter filter_new(int in, int out)
{
    double scale = in / (double)out, wide = MAX(1, scale), reach = 2 * wide;
    Filter f = { MIN(in, (int)ceil(2 * reach) + 1), g_new(int, out), NULL };

    f.weight = g_new0(float, (gsize)out *f.count);
    for (int i = 0; i < out; i++) {
        double centre = (i + 0.5) * scale, sum = 0;
        int first = CLAMP((int)floor(centre - reach), 0, in - f.count);

        f.first[i] = first;
        for (int k = 0; k < f.count; k++) {
            sum += cubic((first + k + 0.5 - centre) / wide);
        }
        for (int k = 0; k < f.count; k++) {
            f.weight[i * f.count + k] = (float)(cubic((first + k + 0.5 - centre) / wide) / sum);
        }
    }
    return f;
}

static void filter_clear(Filter *f)
{
    g_free(f->first);
    g_free(f->weight);
}

PST_VECTOR static void add_row(float *restrict sum, const guint8 *restrict row, float weight, int n)
{
    for (int i = 0; i < n; i++) {
        sum[i] += weight * row[i];
    }
}

static void resample_row(const Filter *f, const float *row, gboolean mirrored, int width, float *out)
{
    for (int x = 0; x < width; x++) {
        const float *weight = f->weight + (gsize)x * f->count;
        const float *in = row + 3 * f->first[x];
        float *to = out + 3 * (mirrored ? width - 1 - x : x);
        float sum[3] = { 0 };

        for (int k = 0; k < f->count; k++, in += 3) {
            for (int c = 0; c < 3; c++) {
                sum[c] += weight[k] * in[c];
            }
        }
        for (int c = 0; c < 3; c++) {
            to[c] = CLAMP(sum[c] * (1 / 255.0f), 0, 1);
        }
    }
}

void pst_example_resample(const PstExample *e, PstCrop w, PstMap *out)
{
    Filter down = filter_new(w.height, out->height), across = filter_new(w.width, out->width);
    g_autofree float *row = g_new(float, (gsize)w.width * 3);

    for (int y = 0; y < out->height; y++) {
        memset(row, 0, (gsize)w.width * 3 * sizeof *row);
        for (int k = 0; k < down.count; k++) {
            const guint8 *in = e->rgb + ((gsize)(w.y + down.first[y] + k) * e->width + w.x) * 3;

            add_row(row, in, down.weight[y * down.count + k], w.width * 3);
        }
        resample_row(&across, row, w.mirrored, out->width, pst_map_at(out, y, 0));
    }
    filter_clear(&down);
    filter_clear(&across);
}

void pst_vary_colours(PstMap *rgb, PstRandom *random)
{
    gsize pixels = (gsize)rgb->height * rgb->width;
    float gain[3], gamma = (float)pst_random_log_uniform(random, 0.85, 1.18);
    float saturation = (float)pst_random_uniform(random, 0.8, 1.2);

    for (int c = 0; c < 3; c++) {
        gain[c] = (float)pst_random_uniform(random, 0.92, 1.08);
    }
    for (gsize p = 0; p < pixels; p++) {
        float *v = rgb->data + 3 * p, light = 0.299f * v[0] + 0.587f * v[1] + 0.114f * v[2];

        for (int c = 0; c < 3; c++) {
            float value = gain[c] * (light + saturation * (v[c] - light));

            v[c] = powf(CLAMP(value, 0, 1), gamma);
        }
    }
}
