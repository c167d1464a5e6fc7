#include "style_map.h"

#include "engine/kernel/map.h"

#include <math.h>
#include <string.h>

#define AROUND 10   /* artworks that a place is made of */
#define FALL   4    /* weights are 1 / distance^FALL */
#define SAME   1e-5 /* a place is an artwork's own within this distance */

struct PstStyleMap {
    const PstStyleSpace *space;
    const PstArtworks *artworks;
    float *codes; /* [count][latent] */
    float *rests; /* [count][PST_STYLE_SIZE] */
};

PstStyleMap *pst_style_map_new(const PstStyleSpace *space, const PstArtworks *bank)
{
    PstStyleMap *map = g_new0(PstStyleMap, 1);

    map->space = space;
    map->artworks = bank;
    map->codes = pst_floats_new((gsize)bank->count * space->shape.latent);
    map->rests = pst_floats_new((gsize)bank->count * PST_STYLE_SIZE);
    for (int i = 0; i < bank->count; i++) {
        float *code = map->codes + (gsize)i * space->shape.latent, *rest = map->rests + (gsize)i * PST_STYLE_SIZE;
        float x[PST_STYLE_SIZE];

        pst_style_space_standardise(space, bank->artworks[i].statistics, x);
        pst_style_space_encode(space, x, code);
        pst_style_space_decode(space, code, rest);
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            rest[k] = x[k] - rest[k];
    }
    return map;
}

void pst_style_map_free(PstStyleMap *map)
{
    if (!map)
        return;
    pst_floats_free(map->codes);
    pst_floats_free(map->rests);
    g_free(map);
}

static int find_around(const PstStyleMap *map, double x, double y, int *index, double *distance)
{
    int found = 0;

    for (int i = 0; i < map->artworks->count; i++) {
        const float *position = map->artworks->artworks[i].position;
        double d = hypot(position[0] - x, position[1] - y);
        int at;

        if (found == AROUND && d >= distance[AROUND - 1])
            continue;
        at = found < AROUND ? found++ : AROUND - 1;
        for (; at > 0 && distance[at - 1] > d; at--) {
            distance[at] = distance[at - 1];
            index[at] = index[at - 1];
        }
        distance[at] = d;
        index[at] = i;
    }
    return found;
}

void pst_style_map_at(const PstStyleMap *map, double x, double y, float *statistics)
{
    int latent = map->space->shape.latent, index[AROUND];
    double distance[AROUND], total = 0;
    int count = find_around(map, x, y, index, distance);
    g_autofree float *code = g_new0(float, latent);
    float rest[PST_STYLE_SIZE] = { 0 };

    if (count > 0 && distance[0] < SAME)
        count = 1;
    for (int i = 0; i < count; i++)
        total += pow(MAX(distance[i], SAME), -FALL);
    for (int i = 0; i < count; i++) {
        float weight = (float)(pow(MAX(distance[i], SAME), -FALL) / total);

        for (int k = 0; k < latent; k++)
            code[k] += weight * map->codes[(gsize)index[i] * latent + k];
        for (int k = 0; k < PST_STYLE_SIZE; k++)
            rest[k] += weight * map->rests[(gsize)index[i] * PST_STYLE_SIZE + k];
    }
    pst_style_space_decode(map->space, code, statistics);
    for (int k = 0; k < PST_STYLE_SIZE; k++)
        statistics[k] += rest[k];
}

int pst_style_map_nearest(const PstStyleMap *map, double x, double y, double *distance)
{
    int index[AROUND];
    double distances[AROUND];

    if (find_around(map, x, y, index, distances) == 0)
        return -1;
    *distance = distances[0];
    return index[0];
}
