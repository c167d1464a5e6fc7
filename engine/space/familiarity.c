#include "familiarity.h"

#include "engine/kernel/map.h"
#include "principal.h"

#include <math.h>
#include <stdlib.h>

#define FORMAT   "pastiche-familiarity-1"
#define AXES     48
#define LEAST    0.05f /* deviation of a statistic: dead channels say little */
#define SMALLEST 1e-6f
#define WITHIN   0.99

typedef struct {
    float mean[PST_STYLE_SIZE], deviation[PST_STYLE_SIZE];
    float axes[AXES * PST_STYLE_SIZE];
    float rest, limit;
} Distribution;

struct PstFamiliarity {
    Distribution kinds[PST_FAMILIAR_KINDS];
};

static const char *const names[PST_FAMILIAR_KINDS] = { "photograph", "painting" };

static float value_of(const float *statistics, int i)
{
    return i < PST_STYLE_CHANNELS ? statistics[i] : logf(MAX(statistics[i], SMALLEST));
}

/* The distance, not over the limit: the root of the mean square over all numbers. */
static double distance(const Distribution *d, const float *statistics)
{
    float x[PST_STYLE_SIZE];
    double whole = 0, along = 0, within = 0;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        x[i] = (value_of(statistics, i) - d->mean[i]) / d->deviation[i];
        whole += (double)x[i] * x[i];
    }
    for (int k = 0; k < AXES; k++) {
        const float *axis = d->axes + (gsize)k * PST_STYLE_SIZE;
        double sum = 0, square = 0;

        for (int i = 0; i < PST_STYLE_SIZE; i++) {
            sum += (double)axis[i] * x[i];
            square += (double)axis[i] * axis[i];
        }
        along += sum * sum;
        within += sum * sum / square;
    }
    return sqrt((along + MAX(0, whole - within) * d->rest * d->rest) / PST_STYLE_SIZE);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void fit(Distribution *d, const PstFamiliarPictures *p)
{
    g_autofree float *rows = g_new(float, (gsize)p->count *PST_STYLE_SIZE), *deviations = g_new(float, AXES);
    g_autofree double *distances = g_new(double, MAX(1, p->calibrations));
    float middle[PST_STYLE_SIZE];
    double whole = 0;

    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        double sum = 0, square = 0;

        for (int n = 0; n < p->count; n++) {
            double value = value_of(p->statistics + (gsize)n * PST_STYLE_SIZE, i);

            sum += value / p->count;
            square += value * value / p->count;
        }
        d->mean[i] = (float)sum;
        d->deviation[i] = (float)sqrt(MAX(0, square - sum * sum)) + LEAST;
        for (int n = 0; n < p->count; n++) {
            float x = (value_of(p->statistics + (gsize)n * PST_STYLE_SIZE, i) - d->mean[i]) / d->deviation[i];

            rows[(gsize)n * PST_STYLE_SIZE + i] = x;
            whole += (double)x * x / p->count;
        }
    }
    pst_principal_components(rows, p->count, PST_STYLE_SIZE, AXES, middle, d->axes, deviations);
    for (int k = 0; k < AXES; k++) {
        whole -= (double)deviations[k] * deviations[k];
        for (int i = 0; i < PST_STYLE_SIZE; i++)
            d->axes[(gsize)k * PST_STYLE_SIZE + i] /= MAX(deviations[k], SMALLEST);
    }
    d->rest = (float)sqrt((PST_STYLE_SIZE - AXES) / MAX(whole, 1e-6));
    for (int n = 0; n < p->calibrations; n++)
        distances[n] = distance(d, p->calibration + (gsize)n * PST_STYLE_SIZE);
    qsort(distances, (size_t)p->calibrations, sizeof *distances, by_size);
    d->limit = p->calibrations ? (float)distances[(int)(WITHIN * (p->calibrations - 1))] : 1;
}

PstFamiliarity *pst_familiarity_fit(const PstFamiliarPictures pictures[PST_FAMILIAR_KINDS])
{
    PstFamiliarity *familiarity = g_new0(PstFamiliarity, 1);

    for (int kind = 0; kind < PST_FAMILIAR_KINDS; kind++)
        fit(&familiarity->kinds[kind], &pictures[kind]);
    return familiarity;
}

void pst_familiarity_free(PstFamiliarity *familiarity)
{
    g_free(familiarity);
}

double pst_familiarity_distance(const PstFamiliarity *familiarity, PstFamiliarKind kind, const float *statistics)
{
    return distance(&familiarity->kinds[kind], statistics) / familiarity->kinds[kind].limit;
}

/* ---- the file ------------------------------------------------------------------------------- */

static gboolean read_part(const PstTensors *tensors, const char *kind, const char *part, int rows, int columns,
                          float *to, GError **error)
{
    g_autofree char *name = g_strconcat(kind, ".", part, NULL);

    return pst_tensors_copy(tensors, name, rows, columns, to, error);
}

static PstFamiliarity *read_file(const char *path, GError **error)
{
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, error);
    g_autoptr(PstFamiliarity) familiarity = g_new0(PstFamiliarity, 1);

    if (!tensors)
        return NULL;
    for (int k = 0; k < PST_FAMILIAR_KINDS; k++) {
        Distribution *d = &familiarity->kinds[k];
        gboolean sound = TRUE;

        if (!read_part(tensors, names[k], "mean", PST_STYLE_SIZE, 0, d->mean, error) ||
            !read_part(tensors, names[k], "deviation", PST_STYLE_SIZE, 0, d->deviation, error) ||
            !read_part(tensors, names[k], "axes", AXES, PST_STYLE_SIZE, d->axes, error) ||
            !read_part(tensors, names[k], "rest", 1, 0, &d->rest, error) ||
            !read_part(tensors, names[k], "limit", 1, 0, &d->limit, error))
            return NULL;
        for (int i = 0; i < PST_STYLE_SIZE; i++)
            sound &= d->deviation[i] > 0;
        if (!sound || !(d->limit > 0)) {
            g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, "%s: %s: not a distribution", path,
                        names[k]);
            return NULL;
        }
    }
    return g_steal_pointer(&familiarity);
}

PstFamiliarity *pst_familiarity_load_default(GError **error)
{
    g_autofree char *folder = pst_data_folder(error);
    g_autofree char *path = folder ? g_build_filename(folder, PST_FAMILIARITY_FILE, NULL) : NULL;

    return path ? read_file(path, error) : NULL;
}

static void write_part(PstTensorsWriter *writer, const char *kind, const char *part, PstTensorType type, int rows,
                       int columns, const float *values)
{
    g_autofree char *name = g_strconcat(kind, ".", part, NULL);

    pst_tensors_writer_add(writer, name, type, values, rows ? (int[]){ rows, columns } : (int[]){ columns },
                           rows ? 2 : 1);
}

gboolean pst_familiarity_write(const PstFamiliarity *familiarity, const char *path, GError **error)
{
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();

    pst_tensors_writer_set_metadata(writer, "format", FORMAT);
    for (int k = 0; k < PST_FAMILIAR_KINDS; k++) {
        const Distribution *d = &familiarity->kinds[k];

        write_part(writer, names[k], "mean", PST_TENSOR_F32, 0, PST_STYLE_SIZE, d->mean);
        write_part(writer, names[k], "deviation", PST_TENSOR_F32, 0, PST_STYLE_SIZE, d->deviation);
        write_part(writer, names[k], "axes", PST_TENSOR_F16, AXES, PST_STYLE_SIZE, d->axes);
        write_part(writer, names[k], "rest", PST_TENSOR_F32, 0, 1, &d->rest);
        write_part(writer, names[k], "limit", PST_TENSOR_F32, 0, 1, &d->limit);
    }
    return pst_tensors_writer_save(writer, path, error);
}
