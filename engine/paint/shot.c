#include "shot.h"

#include <math.h>
#include <string.h>

/* Of frames of one size with one grain and the same patches. Deviations are summed as second moments: those of all
 * samples together hold what changes between them, too. */
typedef struct {
    int width, height;
    float grain;
    PstStylePatches *patches; /* or NULL */
    int samples;
    double encoded[PST_STYLE_SIZE], content[PST_STYLE_SIZE];
} Sums;

typedef struct {
    int width, height;
    PstFlow *flow;
} Flow;

struct PstShot {
    GPtrArray *sums;
    GArray *flows;
};

static void free_sums(gpointer data)
{
    Sums *sums = data;

    pst_style_patches_unref(sums->patches);
    g_free(sums);
}

static void clear_flow(gpointer data)
{
    pst_flow_free(((Flow *)data)->flow);
}

PstShot *pst_shot_new(void)
{
    PstShot *shot = g_new(PstShot, 1);

    shot->sums = g_ptr_array_new_with_free_func(free_sums);
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

static Sums *find_sums(const PstShot *shot, int width, int height, float grain, const PstStylePatches *patches)
{
    for (guint i = 0; i < shot->sums->len; i++) {
        Sums *sums = shot->sums->pdata[i];

        if (sums->width == width && sums->height == height && sums->grain == grain &&
            pst_style_patches_equal(sums->patches, patches)) {
            return sums;
        }
    }
    return NULL;
}

static void add(double *sums, const float *statistics)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        int means = pst_style_offset(tap), deviations = means + PST_STYLE_CHANNELS;

        for (int c = 0; c < pst_tap_channels[tap]; c++) {
            double mean = statistics[means + c], deviation = statistics[deviations + c];

            sums[means + c] += mean;
            sums[deviations + c] += mean * mean + deviation * deviation;
        }
    }
}

static void get(const double *sums, int samples, float *statistics)
{
    for (int tap = 1; tap <= PST_STYLE_TAPS; tap++) {
        int means = pst_style_offset(tap), deviations = means + PST_STYLE_CHANNELS;

        for (int c = 0; c < pst_tap_channels[tap]; c++) {
            double mean = sums[means + c] / samples;

            statistics[means + c] = (float)mean;
            statistics[deviations + c] = (float)sqrt(MAX(0, sums[deviations + c] / samples - mean * mean));
        }
    }
}

void pst_shot_add(PstShot *shot, int width, int height, const PstFeatures *features)
{
    Sums *sums = find_sums(shot, width, height, features->grain, features->patches);

    if (!sums) {
        sums = g_new0(Sums, 1);
        sums->width = width;
        sums->height = height;
        sums->grain = features->grain;
        sums->patches = features->patches ? pst_style_patches_ref(features->patches) : NULL;
        g_ptr_array_add(shot->sums, sums);
    }
    add(sums->encoded, features->encoded);
    add(sums->content, features->content);
    sums->samples++;
}

gboolean pst_shot_tell(const PstShot *shot, int width, int height, PstFeatures *features)
{
    const Sums *sums = find_sums(shot, width, height, features->grain, features->patches);

    if (sums) {
        memset(features->encoded, 0, sizeof features->encoded);
        memset(features->content, 0, sizeof features->content);
        get(sums->encoded, sums->samples, features->encoded);
        get(sums->content, sums->samples, features->content);
    }
    return sums != NULL;
}

gboolean pst_shot_knows(const PstShot *shot, int width, int height, float grain, const PstStylePatches *patches)
{
    return find_sums(shot, width, height, grain, patches) != NULL;
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
