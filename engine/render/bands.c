#include "bands.h"

#include "engine/network/encoder.h"
#include "engine/network/generator.h"

/* Floats per pixel of the picture: relu2_1, relu3_1 and relu4_1; and all maps alive at the worst moment of a pass. */
#define FEATURES (32 / 4 + 64 / 16 + 128 / 64)
#define MAPS 48

static gsize bytes(gsize width, gsize rows, int floats)
{
    return width * rows * floats * sizeof(float);
}

void pst_bands_plan(PstBands *bands, int width, int height, gsize budget)
{
    const int halo = 2 * (PST_ENCODER_HALO + PST_GENERATOR_HALO);
    gsize features = bytes(width, height, FEATURES);
    gsize whole = features + bytes(width, height, MAPS);

    bands->height = height;
    bands->keep_features = features <= budget / 2;
    bands->rows = height;
    bands->memory = whole;
    if (whole > budget) {
        gsize room = bands->keep_features ? budget - features : budget;
        gsize rows = room / bytes(width, 1, MAPS + FEATURES);

        rows = rows > (gsize)halo ? (rows - halo) / PST_BAND_STEP * PST_BAND_STEP : 0;
        bands->rows = MIN(height, MAX(PST_BAND_STEP, (int)rows));
        bands->memory = (bands->keep_features ? features : 0) +
                        bytes(width, MIN(height, bands->rows + halo), MAPS + FEATURES);
    }
    bands->count = (height + bands->rows - 1) / bands->rows;
}

PstRange pst_bands_core(const PstBands *bands, int i)
{
    return (PstRange){ i * bands->rows, MIN(bands->height, (i + 1) * bands->rows) };
}

PstRange pst_bands_with_halo(const PstBands *bands, PstRange core, int halo)
{
    return (PstRange){ MAX(0, core.begin - halo), MIN(bands->height, core.end + halo) };
}
