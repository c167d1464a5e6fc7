#include "pipeline.h"

#include <string.h>

#define STAGES 12
#define TILE_WIDTH 1024 /* pixels: as wide as leaves the rings of a tile in a level-2 cache */
#define TILE_ROWS 128  /* at least, lest too much is made twice */
#define TURNS 1        /* tiles for each thread in a band, so that they finish at about the same time */

typedef struct {
    PstStep steps[PST_TILE_STEPS];
    int count;
    double work;
    PstPipelineRows finished;
    gpointer data;
    int done; /* rows of the canvas before this one are made */
} Stage;

typedef struct {
    float *floats;
    gsize size;
} Arena;

struct PstPipeline {
    PstThreadPool *pool;
    int width, height, band;
    Stage stages[STAGES];
    int count;
    PstFrame *photo;
    PstPipelineRows read; /* NULL: photo holds all rows */
    gpointer read_data;
    gboolean alpha;
    int photo_done;       /* rows of the photograph before this one are read */
    Arena *arenas;        /* [threads] */
    gboolean prepared;
    gsize memory;

    GMutex mutex;
    double work; /* guarded by the mutex */
    PstPipelineProgress progress;
    gpointer progress_data;
    GCancellable *cancellable;
};

PstPipeline *pst_pipeline_new(PstThreadPool *pool, int width, int height, int band, PstPipelineProgress progress,
                              gpointer data, GCancellable *cancellable)
{
    PstPipeline *pipeline = g_new0(PstPipeline, 1);

    pipeline->pool = pool;
    pipeline->width = width;
    pipeline->height = height;
    pipeline->band = band;
    pipeline->progress = progress;
    pipeline->progress_data = data;
    pipeline->cancellable = cancellable;
    pipeline->arenas = g_new0(Arena, pst_thread_pool_threads(pool));
    g_mutex_init(&pipeline->mutex);
    return pipeline;
}

/* Strips that had no room before the pipeline made some have none afterwards. */
static void free_rows(PstPipeline *pipeline)
{
    if (pipeline->read) {
        pst_floats_free(pipeline->photo->rgb);
        pst_floats_free(pipeline->photo->alpha);
        pipeline->photo->rgb = pipeline->photo->alpha = NULL;
    }
}

void pst_pipeline_free(PstPipeline *pipeline)
{
    if (!pipeline) {
        return;
    }
    free_rows(pipeline);
    for (int i = 0; i < pst_thread_pool_threads(pipeline->pool); i++) {
        pst_floats_free(pipeline->arenas[i].floats);
    }
    g_free(pipeline->arenas);
    g_mutex_clear(&pipeline->mutex);
    g_free(pipeline);
}

void pst_pipeline_set_photo(PstPipeline *pipeline, PstFrame *photo, gboolean alpha, PstPipelineRows read, gpointer data)
{
    pipeline->photo = photo;
    pipeline->alpha = alpha;
    pipeline->read = read;
    pipeline->read_data = data;
}

void pst_pipeline_add_stage(PstPipeline *pipeline, const PstStep *steps, int count, double work,
                            PstPipelineRows finished, gpointer data)
{
    g_return_if_fail(pipeline->count < STAGES && count <= PST_TILE_STEPS);
    Stage *stage = &pipeline->stages[pipeline->count++];

    memcpy(stage->steps, steps, count * sizeof *steps);
    stage->count = count;
    stage->work = work;
    stage->finished = finished;
    stage->data = data;
}

int pst_pipeline_tile_width(int canvas_width)
{
    int tiles = (canvas_width + TILE_WIDTH - 1) / TILE_WIDTH;

    return (canvas_width + PST_TILE_STEP * tiles - 1) / (PST_TILE_STEP * tiles) * PST_TILE_STEP;
}

static gboolean cancelled(const PstPipeline *pipeline)
{
    return pipeline->cancellable && g_cancellable_is_cancelled(pipeline->cancellable);
}

/* The rows of the photograph that steps read for rows of the canvas, which ends with mirrored ones. */
static PstRange photo_rows(const PstPipeline *pipeline, PstRange canvas)
{
    int last = pipeline->photo->height - 1, beyond = MAX(0, canvas.end - 1 - last);

    return (PstRange){ CLAMP(MIN(canvas.begin, last - beyond), 0, last), MIN(canvas.end, last + 1) };
}

/* What a stage's next band reaches for. */
static PstRange next_band(const PstPipeline *pipeline, const Stage *stage)
{
    return (PstRange){ stage->done, MIN(pipeline->height, stage->done + pipeline->band) };
}

static void reach(const PstPipeline *pipeline, const Stage *stage, PstTile *tile)
{
    pst_tile_reach(tile, stage->steps, stage->count, pipeline->width, pipeline->height, next_band(pipeline, stage),
                   (PstRange){ 0, pipeline->width });
}

static PstRange photo_reach(const PstPipeline *pipeline, const Stage *stage, const PstTile *tile, int step)
{
    gboolean reads = stage->steps[step].kind == PST_STEP_PHOTO;

    return photo_rows(pipeline, reads ? tile->states[step].rows : next_band(pipeline, stage));
}

static int find_producer(const PstPipeline *pipeline, const PstStrip *strip)
{
    for (int i = 0; i < pipeline->count; i++) {
        for (int k = 0; k < pipeline->stages[i].count; k++) {
            if (pipeline->stages[i].steps[k].keep == strip) {
                return i;
            }
        }
    }
    return -1;
}

/* The first rows of a strip, or of the photograph where it is NULL, that some stage is still to read. */
static int first_wanted(const PstPipeline *pipeline, const PstStrip *strip)
{
    int first = G_MAXINT;

    for (int i = 0; i < pipeline->count; i++) {
        const Stage *stage = &pipeline->stages[i];
        PstTile tile;

        if (stage->done == pipeline->height) {
            continue;
        }
        reach(pipeline, stage, &tile);
        for (int k = 0; k < stage->count; k++) {
            if (strip && stage->steps[k].strip == strip) {
                first = MIN(first, tile.states[k].rows.begin);
            } else if (!strip && stage->steps[k].photo) {
                first = MIN(first, photo_reach(pipeline, stage, &tile, k).begin);
            }
        }
    }
    return first;
}

typedef struct {
    PstPipeline *pipeline;
    const Stage *stage;
    PstRange rows;
    int tile_width, tile_rows, columns;
} Band;

typedef struct {
    const Band *band;
    int worker;
    int width; /* of the tile */
} Progress;

static void tell(int rows, gpointer data)
{
    const Progress *p = data;
    PstPipeline *pipeline = p->band->pipeline;
    const Stage *stage = p->band->stage;

    g_mutex_lock(&pipeline->mutex);
    pipeline->work += (double)(rows << stage->steps[stage->count - 1].level) * p->width * stage->work;
    double work = pipeline->work;
    g_mutex_unlock(&pipeline->mutex);
    /* Worker 0 is the thread that runs the pipeline. */
    if (pipeline->progress && p->worker == 0 && !cancelled(pipeline)) {
        pipeline->progress(work, pipeline->progress_data);
    }
}

static void run_tile(int task, int worker, gpointer data)
{
    const Band *band = data;
    PstPipeline *pipeline = band->pipeline;
    Arena *arena = &pipeline->arenas[worker];
    int first = band->rows.begin + task / band->columns * band->tile_rows;
    int left = task % band->columns * band->tile_width;
    PstRange rows = { first, MIN(band->rows.end, first + band->tile_rows) };
    PstRange columns = { left, MIN(pipeline->width, left + band->tile_width) };
    Progress progress = { band, worker, columns.end - columns.begin };
    PstTile tile;

    if (cancelled(pipeline)) {
        return;
    }
    pst_tile_plan(&tile, band->stage->steps, band->stage->count, pipeline->width, pipeline->height, rows, columns);
    if (tile.floats > arena->size) {
        pst_floats_free(arena->floats);
        arena->floats = pst_floats_new(tile.floats);
        arena->size = tile.floats;
    }
    pst_tile_run(&tile, arena->floats, tell, &progress, pipeline->cancellable);
}

static int up(int value, int unit)
{
    return (value + unit - 1) / unit * unit;
}

static Band cut_band(PstPipeline *pipeline, const Stage *stage)
{
    Band band = { pipeline, stage, next_band(pipeline, stage), pst_pipeline_tile_width(pipeline->width), 0, 0 };
    int rows = band.rows.end - band.rows.begin;

    band.columns = (pipeline->width + band.tile_width - 1) / band.tile_width;
    int cuts = (TURNS * pst_thread_pool_threads(pipeline->pool) + band.columns - 1) / band.columns;
    band.tile_rows = MAX(TILE_ROWS, up((rows + cuts - 1) / cuts, PST_BAND_STEP));
    return band;
}

static void run_band(PstPipeline *pipeline, const Stage *stage)
{
    Band band = cut_band(pipeline, stage);
    int rows = (band.rows.end - band.rows.begin + band.tile_rows - 1) / band.tile_rows;

    pst_thread_pool_run(pipeline->pool, rows * band.columns, run_tile, &band);
}

static gboolean read_photo(PstPipeline *pipeline, int end, gboolean dry, GError **error)
{
    PstFrame *photo = pipeline->photo;

    while (pipeline->read && pipeline->photo_done < end) {
        int rows = MIN(pipeline->band, photo->height - pipeline->photo_done);

        if (dry) {
            int first = MIN(pipeline->photo_done, first_wanted(pipeline, NULL));
            photo->held = MAX(photo->held, pipeline->photo_done + rows - first);
        } else {
            /* A piece of the ring at a time. */
            rows = MIN(rows, photo->held - pipeline->photo_done % photo->held);
            if (!pipeline->read(pipeline->photo_done, rows, pipeline->read_data, error)) {
                return FALSE;
            }
        }
        pipeline->photo_done += rows;
    }
    return TRUE;
}

static gboolean advance(PstPipeline *pipeline, Stage *stage, int end, gboolean dry, GError **error);

/* Has all made that the next band of a stage depends on. */
static gboolean prepare_band(PstPipeline *pipeline, const Stage *stage, gboolean dry, GError **error)
{
    PstTile tile;

    reach(pipeline, stage, &tile);
    for (int k = 0; k < stage->count; k++) {
        const PstStep *step = &stage->steps[k];
        int producer = step->strip ? find_producer(pipeline, step->strip) : -1;

        if (step->photo && !read_photo(pipeline, photo_reach(pipeline, stage, &tile, k).end, dry, error)) {
            return FALSE;
        }
        if (producer >= 0 && !advance(pipeline, &pipeline->stages[producer],
                                      MIN(pipeline->height, tile.states[k].rows.end << step->level), dry, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* In a dry run: how many rows the strips of a stage hold after the band that ends at `end`. */
static void measure_strips(PstPipeline *pipeline, const Stage *stage, int begin)
{
    for (int k = 0; k < stage->count; k++) {
        PstStrip *strip = stage->steps[k].keep;

        if (strip && !strip->data) {
            int first = MIN(begin >> strip->level, first_wanted(pipeline, strip));
            strip->held = MAX(strip->held, (stage->done >> strip->level) - first);
        }
    }
}

static gboolean advance(PstPipeline *pipeline, Stage *stage, int end, gboolean dry, GError **error)
{
    while (stage->done < end) {
        PstRange rows = next_band(pipeline, stage);

        if (!prepare_band(pipeline, stage, dry, error)) {
            return FALSE;
        }
        if (!dry) {
            run_band(pipeline, stage);
            if (g_cancellable_set_error_if_cancelled(pipeline->cancellable, error) ||
                (stage->finished && !stage->finished(rows.begin, rows.end - rows.begin, stage->data, error))) {
                return FALSE;
            }
        }
        stage->done = rows.end;
        if (dry) {
            measure_strips(pipeline, stage, rows.begin);
        }
    }
    return TRUE;
}

static void restart(PstPipeline *pipeline)
{
    pipeline->photo_done = 0;
    for (int i = 0; i < pipeline->count; i++) {
        pipeline->stages[i].done = 0;
    }
}

/* The largest arena that a tile of a stage takes: that of one with others all around it. */
static gsize arena_bytes(PstPipeline *pipeline, Stage *stage)
{
    Band band = cut_band(pipeline, stage);
    int left = band.columns / 2 * band.tile_width;
    PstTile tile;

    pst_tile_plan(&tile, stage->steps, stage->count, pipeline->width, pipeline->height,
                  (PstRange){ 0, MIN(pipeline->height, band.tile_rows) },
                  (PstRange){ left, MIN(pipeline->width, left + band.tile_width) });
    return tile.floats * sizeof(float);
}

/* Runs through all bands without making anything, to see how many rows lie between the stages. */
static void prepare(PstPipeline *pipeline)
{
    gsize arena = 0;

    if (pipeline->prepared) {
        return;
    }
    pipeline->prepared = TRUE;
    restart(pipeline);
    advance(pipeline, &pipeline->stages[pipeline->count - 1], pipeline->height, TRUE, NULL);
    restart(pipeline);
    if (pipeline->read) {
        pipeline->memory += (gsize)pipeline->photo->held * pipeline->photo->width * (pipeline->alpha ? 4 : 3) *
                            sizeof(float);
    }
    for (int i = 0; i < pipeline->count; i++) {
        Stage *stage = &pipeline->stages[i];

        arena = MAX(arena, arena_bytes(pipeline, stage));
        for (int k = 0; k < stage->count; k++) {
            PstStrip *strip = stage->steps[k].keep;
            pipeline->memory += strip && !strip->data ? pst_strip_bytes(strip, strip->held) : 0;
        }
    }
    pipeline->memory += arena * pst_thread_pool_threads(pipeline->pool);
}

gsize pst_pipeline_memory(PstPipeline *pipeline)
{
    prepare(pipeline);
    return pipeline->memory;
}

/* Makes room in what the dry run has measured. */
static void make_room(PstPipeline *pipeline)
{
    PstFrame *photo = pipeline->photo;

    for (int i = 0; i < pipeline->count; i++) {
        for (int k = 0; k < pipeline->stages[i].count; k++) {
            PstStrip *strip = pipeline->stages[i].steps[k].keep;

            if (strip && !strip->data) {
                pst_strip_hold(strip, strip->held);
            }
        }
    }
    if (pipeline->read) {
        gsize pixels = (gsize)photo->held * photo->width;

        photo->rgb = pst_floats_new(3 * pixels);
        photo->alpha = pipeline->alpha ? pst_floats_new(pixels) : NULL;
    }
}

gboolean pst_pipeline_run(PstPipeline *pipeline, GError **error)
{
    prepare(pipeline);
    make_room(pipeline);
    return advance(pipeline, &pipeline->stages[pipeline->count - 1], pipeline->height, FALSE, error);
}
