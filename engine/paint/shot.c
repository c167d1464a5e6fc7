#include "shot.h"

#include <math.h>

/* Of frames of one size with one grain. Deviations are summed as second moments: those of all samples together hold
 * what changes between them, too. */
typedef struct {
    int width, height;
    float grain;
    int samples;
    double sum[PST_STYLE_SIZE]; /* of means, and of second moments where the deviations are */
} Sums;

typedef struct {
    int width, height;
    PstFlow *flow;
} Flow;

struct PstShot {
    GPtrArray *sums;
    GArray *flows;
};

static void clear_flow(gpointer data)
{
    pst_flow_free(((Flow *)data)->flow);
}

PstShot *pst_shot_new(void)
{
    PstShot *shot = g_new(PstShot, 1);

    shot->sums = g_ptr_array_new_with_free_func(g_free);
    shot->flows = g_array_new(FALSE, FALSE, sizeof(Flow));
    g_array_set_clear_func(shot->flows, clear_flow);
    return shot;
}

void pst_shot_free(PstShot *shot)
{
    if (shot) {
        g_ptr_array_unref(shot->sums);
        g_array_unref(shot->flows);
        g_free(shot);
    }
}

static Sums *find_sums(const PstShot *shot, int width, int height, float grain)
{
    for (guint i = 0; i < shot->sums->len; i++) {
        Sums *sums = shot->sums->pdata[i];

        if (sums->width == width && sums->height == height && sums->grain == grain) {
            return sums;
        }
    }
    return NULL;
}

void pst_shot_add(PstShot *shot, int width, int height, float grain, const float *content)
{
    Sums *sums = find_sums(shot, width, height, grain);

    if (!sums) {
        sums = g_new0(Sums, 1);
        sums->width = width;
        sums->height = height;
        sums->grain = grain;
        g_ptr_array_add(shot->sums, sums);
    }
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        int means = pst_style_offset(tap), deviations = means + PST_STYLE_CHANNELS;

        for (int c = 0; c < pst_tap_channels[tap]; c++) {
            double mean = content[means + c], deviation = content[deviations + c];

            sums->sum[means + c] += mean;
            sums->sum[deviations + c] += mean * mean + deviation * deviation;
        }
    }
    sums->samples++;
}

gboolean pst_shot_statistics(const PstShot *shot, int width, int height, float grain, float *content)
{
    const Sums *sums = find_sums(shot, width, height, grain);

    for (int i = 0; sums && i < PST_STYLE_SIZE; i++) {
        content[i] = 0;
    }
    for (int tap = 1; sums && tap <= PST_STYLE_TAPS; tap++) {
        int means = pst_style_offset(tap), deviations = means + PST_STYLE_CHANNELS;

        for (int c = 0; c < pst_tap_channels[tap]; c++) {
            double mean = sums->sum[means + c] / sums->samples;

            content[means + c] = (float)mean;
            content[deviations + c] = (float)sqrt(MAX(0, sums->sum[deviations + c] / sums->samples - mean * mean));
        }
    }
    return sums != NULL;
}

void pst_shot_take_flow(PstShot *shot, int width, int height, PstFlow *flow)
{
    const Flow entry = { width, height, flow };

    if (pst_shot_flow(shot, width, height)) {
        pst_flow_free(flow);
    } else {
        g_array_append_val(shot->flows, entry);
    }
}

const PstFlow *pst_shot_flow(const PstShot *shot, int width, int height)
{
    for (guint i = 0; i < shot->flows->len; i++) {
        const Flow *entry = &g_array_index(shot->flows, Flow, i);

        if (entry->width == width && entry->height == height) {
            return entry->flow;
        }
    }
    return NULL;
}
