#include "winograd.h"
#include "winograd_transform.h"

typedef enum {
    ALONE,
    PLUS,
    MASKED,
    SCALED,
    SCALED_AND_MASKED,
} Kind;

/* Where the rows and columns of one patch begin; a NULL row and a negative column are zeros. */
typedef struct {
    const float *row[PATCH];
    const float *other_row[PATCH];
    const gint32 *column;
    const gint32 *other_column;
    bool whole; /* no row is zeros */
} Patch;

static void locate_rows(const Input *input, const Walk *walk, Patch *patch)
{
    patch->whole = true;
    for (int i = 0; i < PATCH; i++) {
        int row = walk->first + TILE * walk->row - 1 + i;
        patch->row[i] = PST_ISA(pst_input_row)(input, row);
        patch->other_row[i] = PST_ISA(pst_input_other_row)(input, row);
        patch->whole &= patch->row[i] != NULL;
    }
}

/* `careful` patches are padded by zeros or have fewer than LANES channels left. The others pay for neither
 * check. */
PST_INLINE vec load_input(const Kind kind, const bool careful, const Patch *patch, int i, int j, vec factor,
                          int channel, int lanes)
{
    gsize at = patch->column[j] + channel;

    if (careful && (patch->row[i] == NULL || patch->column[j] < 0))
        return (vec){ 0 };
    vec d = careful ? load_part(patch->row[i] + at, lanes) : load(patch->row[i] + at);
    if (kind == SCALED || kind == SCALED_AND_MASKED)
        d *= factor;
    if (kind == ALONE || kind == SCALED)
        return d;
    at = patch->other_column[j] + channel;
    vec other = careful ? load_part(patch->other_row[i] + at, lanes) : load(patch->other_row[i] + at);
    return kind == PLUS ? d + other : where_positive(other, d);
}

/* Rows 0 .. 2 of a transformed patch, or 3 .. 5. */
PST_INLINE void transform_half(const Kind kind, const bool careful, const bool upper, const Patch *patch, vec factor,
                               int channel, int lanes, float *v, gsize plane)
{
    vec half[PATCH][PATCH / 2];

#pragma GCC unroll 6
    for (int j = 0; j < PATCH; j++) {
        vec d[PATCH];
#pragma GCC unroll 6
        for (int i = 0; i < PATCH; i++)
            d[i] = load_input(kind, careful, patch, i, j, factor, channel, lanes);
        transform_input_half(upper, d, half[j]);
    }
#pragma GCC unroll 3
    for (int i = 0; i < PATCH / 2; i++) {
        vec d[PATCH], t[PATCH];
#pragma GCC unroll 6
        for (int j = 0; j < PATCH; j++)
            d[j] = half[j][i];
        transform_input(d, t);
        store_six(v + i * PATCH * plane, plane, t);
    }
}

PST_INLINE void transform(const Kind kind, const bool careful, const Patch *patch, const float *scale, int channel,
                          int lanes, float *v, gsize plane)
{
    vec factor = kind == SCALED || kind == SCALED_AND_MASKED ? load(scale + channel) : (vec){ 0 };

    transform_half(kind, careful, false, patch, factor, channel, lanes, v, plane);
    transform_half(kind, careful, true, patch, factor, channel, lanes, v + PLANES / 2 * plane, plane);
}

PST_INLINE void transform_all(const Kind kind, const Input *input, Walk walk, int tiles, float *v)
{
    int channels = input->map->channels, vectors = vectors_for(channels);
    int padded = (tiles + 1) & ~1;
    gsize plane = plane_size(vectors, padded);

    Patch patch;
    for (int tile = 0; tile < tiles; tile++, walk_on(&walk)) {
        if (tile == 0 || walk.column == 0)
            locate_rows(input, &walk, &patch);
        patch.column = input->columns + TILE * walk.column;
        patch.other_column = input->other_columns + TILE * walk.column;
        bool whole = patch.whole && patch.column[0] >= 0 && patch.column[PATCH - 1] >= 0;
        for (int i = 0; i < vectors; i++) {
            int channel = i * LANES, lanes = MIN(LANES, channels - channel);
            float *target = v + ((gsize)i * padded + tile) * LANES;
            if (whole && lanes == LANES)
                transform(kind, false, &patch, input->scale, channel, LANES, target, plane);
            else
                transform(kind, true, &patch, input->scale, channel, lanes, target, plane);
        }
    }
    if (padded > tiles)
        for (int k = 0; k < PLANES; k++)
            for (int i = 0; i < vectors; i++)
                store(v + k * plane + ((gsize)i * padded + tiles) * LANES, (vec){ 0 });
}

void PST_ISA(pst_winograd_input)(const Input *input, Walk walk, int tiles, float *v)
{
    if (input->other == NULL && input->scale == NULL)
        transform_all(ALONE, input, walk, tiles, v);
    else if (input->other == NULL)
        transform_all(SCALED, input, walk, tiles, v);
    else if (input->reflect)
        transform_all(PLUS, input, walk, tiles, v);
    else if (input->scale != NULL)
        transform_all(SCALED_AND_MASKED, input, walk, tiles, v);
    else
        transform_all(MASKED, input, walk, tiles, v);
}
