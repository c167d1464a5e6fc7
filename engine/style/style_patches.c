#include "style_patches.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define ZERO    128
#define MOST    127.0f
#define LARGEST 1000.0f /* standard deviations of a step; those of paintings are below 1 */

/* Names the streams of random numbers (random.h). */
#define SEED 0x70617463686573ull

enum { VALUES, SCALES, COUNTS, WEIGHT };

static const char *const names[] = { "patches.values", "patches.scales", "patches.counts", "patches.weight" };

struct PstStylePatches {
    gatomicrefcount references;
    int counts[PST_SWAP_TAPS];
    float weight;
    gsize bytes, patches; /* of all taps */
    guint8 *values;
    float *scales;
};

static int size_of(int i)
{
    return PST_SWAP_PLACES * pst_tap_channels[PST_SWAP_FIRST_TAP + i];
}

/* Room for counts patches. */
static PstStylePatches *new_patches(const int counts[PST_SWAP_TAPS], float weight)
{
    PstStylePatches *p = g_new0(PstStylePatches, 1);

    g_atomic_ref_count_init(&p->references);
    p->weight = weight;
    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        p->counts[i] = counts[i];
        p->patches += counts[i];
        p->bytes += (gsize)counts[i] * size_of(i);
    }
    p->values = g_malloc(p->bytes);
    p->scales = g_new(float, p->patches);
    return p;
}

PstStylePatches *pst_style_patches_ref(const PstStylePatches *patches)
{
    PstStylePatches *p = (PstStylePatches *)patches;

    g_atomic_ref_count_inc(&p->references);
    return p;
}

void pst_style_patches_unref(PstStylePatches *p)
{
    if (p && g_atomic_ref_count_dec(&p->references)) {
        g_free(p->values);
        g_free(p->scales);
        g_free(p);
    }
}

gboolean pst_style_patches_equal(const PstStylePatches *a, const PstStylePatches *b)
{
    return a == b || (a && b && memcmp(a->counts, b->counts, sizeof a->counts) == 0 && a->weight == b->weight &&
                      memcmp(a->values, b->values, a->bytes) == 0 &&
                      memcmp(a->scales, b->scales, a->patches * sizeof *a->scales) == 0);
}

/* ---- in 8 bits and back ----------------------------------------------------------------------- */

static void pack(const float *patch, int size, guint8 *values, float *scale)
{
    float largest = 0;

    for (int i = 0; i < size; i++) {
        largest = MAX(largest, fabsf(patch[i]));
    }
    *scale = largest / MOST;
    for (int i = 0; i < size; i++) {
        values[i] = (guint8)(ZERO + (largest > 0 ? lrintf(patch[i] / largest * MOST) : 0));
    }
}

PstStylePatches *pst_style_patches_new(const PstMap *taps, const float *statistics)
{
    float *floats[PST_SWAP_TAPS];
    int counts[PST_SWAP_TAPS];
    PstStylePatches *p = NULL;

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        int tap = PST_SWAP_FIRST_TAP + i;
        const float *mean = statistics + pst_style_offset(tap);
        PstRandom random = pst_random_at(SEED, tap, 0);

        floats[i] = pst_floats_new((gsize)PST_SWAP_PATCHES * size_of(i));
        counts[i] = pst_swap_patches_take(&taps[tap], mean, mean + PST_STYLE_CHANNELS, PST_SWAP_PATCHES, &random,
                                          floats[i]);
    }
    if (counts[PST_SWAP_TAPS - 1] > 0) {
        guint8 *values;
        float *scale;

        p = new_patches(counts, 1);
        values = p->values;
        scale = p->scales;
        for (int i = 0; i < PST_SWAP_TAPS; i++) {
            for (int k = 0; k < counts[i]; k++, values += size_of(i)) {
                pack(floats[i] + (gsize)k * size_of(i), size_of(i), values, scale++);
            }
        }
    }
    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        pst_floats_free(floats[i]);
    }
    return p;
}

PstSwapPatches *pst_style_patches_unpack(const PstStylePatches *p)
{
    PstSwapPatches *patches = g_new0(PstSwapPatches, 1);
    const guint8 *values = p->values;
    const float *scale = p->scales;

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        gsize size = size_of(i);
        float *to = patches->values[i] = pst_floats_new(p->counts[i] * size);

        patches->count[i] = p->counts[i];
        for (int k = 0; k < p->counts[i]; k++, scale++) {
            for (gsize n = 0; n < size; n++) {
                *to++ = *scale * (*values++ - ZERO);
            }
        }
    }
    return patches;
}

void pst_style_patches_swap(const PstStylePatches *p, const float *content, PstPatchSwap *swaps[PST_STYLE_TAPS + 1])
{
    g_autoptr(PstSwapPatches) patches = pst_style_patches_unpack(p);

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        int tap = PST_SWAP_FIRST_TAP + i;
        const float *mean = content + pst_style_offset(tap);

        swaps[tap] = pst_patch_swap_new(patches->values[i], patches->count[i], pst_tap_channels[tap], mean,
                                        mean + PST_STYLE_CHANNELS, p->weight * pst_swap_share[tap]);
    }
}

/* ---- mixing ----------------------------------------------------------------------------------- */

/* How many patches of a tap a part of a mix brings. Mixes have at most 64 parts, so that the largest brings some. */
static int part_of(const PstStylePatches *part, int tap_index, double share)
{
    return part ? MIN(part->counts[tap_index], (int)(share * PST_SWAP_PATCHES + 0.5)) : 0;
}

PstStylePatches *pst_style_patches_mix(const PstStylePatches *const *parts, const double *shares, int n)
{
    int counts[PST_SWAP_TAPS] = { 0 };
    double weight = 0, known = 0;
    PstStylePatches *mix;
    guint8 *values;
    float *scale;

    for (int k = 0; k < n; k++) {
        known += parts[k] && shares[k] > 0 ? shares[k] : 0;
        weight += parts[k] ? shares[k] * parts[k]->weight : 0;
    }
    if (!(known > 0)) {
        return NULL;
    }
    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        for (int k = 0; k < n; k++) {
            counts[i] += shares[k] > 0 ? part_of(parts[k], i, shares[k] / known) : 0;
        }
    }
    mix = new_patches(counts, (float)MIN(1, weight));
    values = mix->values;
    scale = mix->scales;
    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        for (int k = 0; k < n; k++) {
            const PstStylePatches *part = parts[k];
            int wanted = shares[k] > 0 ? part_of(part, i, shares[k] / known) : 0;
            gsize before = 0, bytes = 0;

            for (int j = 0; part && j < i; j++) {
                before += part->counts[j];
                bytes += (gsize)part->counts[j] * size_of(j);
            }
            for (int w = 0; w < wanted; w++, values += size_of(i)) {
                gsize at = (gsize)((gint64)w * part->counts[i] / wanted);

                memcpy(values, part->values + bytes + at * size_of(i), size_of(i));
                *scale++ = part->scales[before + at];
            }
        }
    }
    return mix;
}

/* ---- files ------------------------------------------------------------------------------------ */

void pst_style_patches_list_names(GPtrArray *list)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_ptr_array_add(list, g_strdup(names[i]));
    }
}

void pst_style_patches_write(const PstStylePatches *p, PstTensorsWriter *writer)
{
    float counts[PST_SWAP_TAPS];

    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        counts[i] = p->counts[i];
    }
    pst_tensors_writer_add_bytes(writer, names[VALUES], p->values, (int[]){ (int)p->bytes }, 1);
    pst_tensors_writer_add(writer, names[SCALES], PST_TENSOR_F32, p->scales, (int[]){ (int)p->patches }, 1);
    pst_tensors_writer_add(writer, names[COUNTS], PST_TENSOR_F32, counts, (int[]){ PST_SWAP_TAPS }, 1);
    pst_tensors_writer_add(writer, names[WEIGHT], PST_TENSOR_F32, &p->weight, (int[]){ 1 }, 1);
}

gboolean pst_style_patches_present(const PstTensors *tensors)
{
    return pst_tensors_find(tensors, names[VALUES]) != NULL;
}

static gboolean read_counts(const float *counts, int whole[PST_SWAP_TAPS])
{
    for (int i = 0; i < PST_SWAP_TAPS; i++) {
        if (!(counts[i] >= 1 && counts[i] <= PST_SWAP_PATCHES) || counts[i] != floorf(counts[i])) {
            return FALSE;
        }
        whole[i] = (int)counts[i];
    }
    return TRUE;
}

static gboolean are_sound(const float *scales, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!(scales[i] >= 0 && scales[i] <= LARGEST)) {
            return FALSE;
        }
    }
    return TRUE;
}

PstStylePatches *pst_style_patches_read(const PstTensors *tensors, const char *file, GError **error)
{
    g_autoptr(PstStylePatches) p = NULL;
    const float *counts = pst_tensors_get(tensors, names[COUNTS], (int[]){ PST_SWAP_TAPS }, 1, error);
    const float *weight = counts ? pst_tensors_get(tensors, names[WEIGHT], (int[]){ 1 }, 1, error) : NULL;
    const float *scales;
    const guint8 *values;
    int whole[PST_SWAP_TAPS];

    if (!weight) {
        return NULL;
    }
    if (!read_counts(counts, whole) || !(*weight > 0 && *weight <= 1)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, _("%s: its patches can't be any"), file);
        return NULL;
    }
    p = new_patches(whole, *weight);
    if (!(values = pst_tensors_get_bytes(tensors, names[VALUES], (int[]){ (int)p->bytes }, 1, error)) ||
        !(scales = pst_tensors_get(tensors, names[SCALES], (int[]){ (int)p->patches }, 1, error))) {
        return NULL;
    }
    if (!are_sound(scales, p->patches)) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH, _("%s: its patches can't be any"), file);
        return NULL;
    }
    memcpy(p->values, values, p->bytes);
    memcpy(p->scales, scales, p->patches * sizeof *scales);
    return g_steal_pointer(&p);
}
