#include "reference.h"
#include "winograd.h"
#include "winograd_transform.h"

typedef enum {
    ALONE,
    PLUS,
    MASKED,
} Kind;

/* Where the rows and columns of one patch begin; a NULL row and a negative column are zeros. */
typedef struct {
    const float *row[PATCH];
    const float *other_row[PATCH];
    const gint32 *column;
    const gint32 *other_column;
} Patch;

static int inside(int i, int size, bool reflect, bool upsample)
{
    if (reflect) {
        /* Patches of clipped tiles reach beyond the reflection; what they read there is never used. */
        i = CLAMP(pst_reflect(MIN(i, size), size), 0, size - 1);
        return upsample ? i / 2 : i;
    }
    return i < 0 || i >= size ? -1 : i;
}

gsize PST_ISA(pst_winograd_columns_size)(int width)
{
    /* Patches of a map with its border, rounded up to whole tiles. */
    return ((gsize)width + 2 + TILE + PATCH + 15) & ~(gsize)15;
}

void PST_ISA(pst_winograd_columns)(gint32 *columns, int count, const PstMap *map, int width, int pad, bool reflect,
                                   bool upsample)
{
    for (int i = 0; i < count; i++) {
        int column = inside(i - pad, width, reflect, upsample);
        columns[i] = column < 0 ? -1 : MIN(column, map->width - 1) * map->channels;
    }
}

static bool locate(const Source *source, const Walk *walk, Patch *patch)
{
    bool whole = true;
    for (int i = 0; i < PATCH; i++) {
        int row = walk->first + TILE * walk->row + i - source->pad;
        int map_row = inside(row, source->height, source->reflect, source->upsample);
        whole &= map_row >= 0;
        patch->row[i] = map_row < 0 ? NULL : pst_map_at(source->map, MIN(map_row, source->map->height - 1), 0);
        if (source->other != NULL) {
            int other_row = inside(row, source->height, source->reflect, false);
            patch->other_row[i] = other_row < 0 ? NULL : pst_map_at(source->other, other_row, 0);
        }
    }
    patch->column = source->columns + TILE * walk->column;
    patch->other_column = source->other_columns + TILE * walk->column;
    return whole && patch->column[0] >= 0 && patch->column[PATCH - 1] >= 0;
}

/* `careful` patches have zeros around them or fewer than LANES channels left; the others pay for neither. */
PST_INLINE void transform(const Kind kind, const bool careful, const Patch *patch, int channel, int lanes, float *v,
                          gsize plane)
{
    vec half[PATCH][PATCH];

    for (int j = 0; j < PATCH; j++) {
        vec d[PATCH];
        gsize at = patch->column[j] + channel;
        gsize other_at = kind == ALONE ? 0 : patch->other_column[j] + channel;
#pragma GCC unroll 6
        for (int i = 0; i < PATCH; i++) {
            if (careful && (patch->row[i] == NULL || patch->column[j] < 0)) {
                d[i] = (vec){0};
                continue;
            }
            d[i] = careful ? load_part(patch->row[i] + at, lanes) : load(patch->row[i] + at);
            if (kind == ALONE)
                continue;
            vec other = careful ? load_part(patch->other_row[i] + other_at, lanes)
                                : load(patch->other_row[i] + other_at);
            d[i] = kind == PLUS ? d[i] + other : where_positive(other, d[i]);
        }
        transform_input(d, half[j]);
    }
    for (int i = 0; i < PATCH; i++) {
        vec d[PATCH], t[PATCH];
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            d[j] = half[j][i];
        transform_input(d, t);
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            store(v + (i * PATCH + j) * plane, t[j]);
    }
}

PST_INLINE void transform_all(const Kind kind, const Source *source, Walk walk, int tiles, float *v)
{
    int channels = source->map->channels, vectors = vectors_for(channels);
    int padded = (tiles + 1) & ~1;
    gsize plane = plane_size(vectors, padded);

    for (int tile = 0; tile < tiles; tile++, walk_on(&walk)) {
        Patch patch;
        bool whole = locate(source, &walk, &patch);
        for (int i = 0; i < vectors; i++) {
            int channel = i * LANES, lanes = MIN(LANES, channels - channel);
            float *target = v + ((gsize)i * padded + tile) * LANES;
            if (whole && lanes == LANES)
                transform(kind, false, &patch, channel, LANES, target, plane);
            else
                transform(kind, true, &patch, channel, lanes, target, plane);
        }
    }
    if (padded > tiles)
        for (int k = 0; k < PLANES; k++)
            for (int i = 0; i < vectors; i++)
                store(v + k * plane + ((gsize)i * padded + tiles) * LANES, (vec){0});
}

void PST_ISA(pst_winograd_input)(const Source *source, Walk walk, int tiles, float *v)
{
    if (source->other == NULL)
        transform_all(ALONE, source, walk, tiles, v);
    else if (source->reflect)
        transform_all(PLUS, source, walk, tiles, v);
    else
        transform_all(MASKED, source, walk, tiles, v);
}
