#include "statistics.h"

#include "engine/network/architecture.h"
#include "pipeline.h"

struct PstStatistics {
    int level, channels;
    int tile_width;
    int columns, rows;  /* of cells in a band */
    PstMoments **cells; /* [rows][columns] */
    PstMoments *all;
};

PstStatistics *pst_statistics_new(int tap, int width, int band)
{
    PstStatistics *statistics = g_new0(PstStatistics, 1);

    statistics->level = tap - 1;
    statistics->channels = pst_tap_channels[tap];
    statistics->tile_width = pst_pipeline_tile_width(width);
    statistics->columns = (width + statistics->tile_width - 1) / statistics->tile_width;
    statistics->rows = band / PST_BAND_STEP;
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
    int across = (column << statistics->level) / statistics->tile_width;
    PstMap pixels = { .data = (float *)values, .height = 1, .width = count, .channels = statistics->channels };

    pst_moments_add(statistics->cells[down * statistics->columns + across], &pixels, 0, 1);
}

void pst_statistics_join(PstStatistics *statistics)
{
    for (int i = 0; i < statistics->rows * statistics->columns; i++) {
        pst_moments_merge(statistics->all, statistics->cells[i]);
        pst_moments_reset(statistics->cells[i]);
    }
}

void pst_statistics_get(const PstStatistics *statistics, double eps, float *mean, float *deviation)
{
    pst_moments_get(statistics->all, eps, mean, deviation);
}
