#include "statistics.h"

#include "engine/network/architecture.h"
#include "pipeline.h"

/* Of a padded picture PST_CELL_WIDTH x PST_BAND_STEP pixels large. */
struct PstStatistics {
    int level, channels, height;
    int columns;
    int rows;           /* of cells, in a ring: those of a band, and of what is made beyond it */
    int joined;         /* rows of cells that are done with */
    PstMoments **cells; /* [rows][columns] */
    PstMoments *all;
};

PstStatistics *pst_statistics_new(int tap, int width, int height, int band)
{
    PstStatistics *statistics = g_new0(PstStatistics, 1);

    statistics->level = tap - 1;
    statistics->channels = pst_tap_channels[tap];
    statistics->height = height;
    statistics->columns = (width + PST_CELL_WIDTH - 1) / PST_CELL_WIDTH;
    statistics->rows = band / PST_BAND_STEP + 1;
    statistics->cells = g_new(PstMoments *, statistics->rows * statistics->columns);
    for (int i = 0; i < statistics->rows * statistics->columns; i++) {
        statistics->cells[i] = pst_moments_new(statistics->channels);
    }
    statistics->all = pst_moments_new(statistics->channels);
    return statistics;
}

void pst_statistics_free(PstStatistics *statistics)
{
    if (!statistics) {
        return;
    }
    for (int i = 0; i < statistics->rows * statistics->columns; i++) {
        pst_moments_free(statistics->cells[i]);
    }
    pst_moments_free(statistics->all);
    g_free(statistics->cells);
    g_free(statistics);
}

void pst_statistics_add(gpointer data, int row, int column, int count, const float *values)
{
    PstStatistics *statistics = data;
    int down = (row << statistics->level) / PST_BAND_STEP % statistics->rows;
    int width = PST_CELL_WIDTH >> statistics->level;

    for (int end = column + count, n; column < end; column += n) {
        n = MIN(end - column, width - column % width);
        PstMap pixels = { .data = (float *)values, .height = 1, .width = n, .channels = statistics->channels };

        pst_moments_add(statistics->cells[down * statistics->columns + column / width], &pixels, 0, 1);
        values += n * statistics->channels;
    }
}

void pst_statistics_join(PstStatistics *statistics, int end)
{
    int rows = end == statistics->height ? (end + PST_BAND_STEP - 1) / PST_BAND_STEP : end / PST_BAND_STEP;

    for (; statistics->joined < rows; statistics->joined++) {
        for (int i = 0; i < statistics->columns; i++) {
            PstMoments *cell = statistics->cells[statistics->joined % statistics->rows * statistics->columns + i];

            pst_moments_merge(statistics->all, cell);
            pst_moments_reset(cell);
        }
    }
}

void pst_statistics_get(const PstStatistics *statistics, double eps, float *mean, float *deviation)
{
    pst_moments_get(statistics->all, eps, mean, deviation);
}
