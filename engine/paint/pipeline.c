#include "pipeline.h"

#include <string.h>

#define TILE_WIDTH    1024      /* pixels at most: wider ones would not leave their rings in the cache */
#define TILE_LEAST    384       /* pixels: narrower ones make too much twice */
#define LEAST_ROWS    128       /* of a tile, likewise */
#define COLUMN_PIXELS (1 << 19) /* of a band that carries columns on */
#define CUT_PIXELS    (1 << 20) /* of a band that is cut into tiles */

typedef struct {
    PstStep steps[PST_TILE_STEPS];
    int count;
    double work;
    PstPipelineRows begin, finished;
    gpointer data;
    int done;       /* rows of the padded picture before this one are made */
    PstTile *tiles; /* of a pipeline with columns: [columns] */
    float **kept;   /* of each, between two bands */
} Stage;

typedef struct {
    float *floats;
    gsize size;
} Arena;

struct PstPipeline {
    PstThreadPool *pool;
    int threads;
    int width, height, band;
    int tile_width, tiles; /* in a row */
    /* TRUE: tiles are as high as the picture, and each band carries them on. FALSE, where they would be too few for the
     * threads: a band is cut into tiles that begin anew. */
    gboolean columns;
    GPtrArray *stages; /* of Stage */
    PstFrame *photo;
    PstPipelineRows read; /* NULL: photo holds all rows */
    gpointer read_data;
    gboolean alpha;
    int ahead;      /* rows of the photograph that are read before they are asked for */
    int photo_done; /* rows of the photograph before this one are read */
    Arena *arenas;  /* [threads] */
    gboolean prepared;
    gsize memory;

    GMutex mutex;
    double work; /* guarded by the mutex */
    PstPipelineProgress progress;
    gpointer progress_data;
    GCancellable *cancellable;
};

static int up(int value, int unit)
{
    return (value + unit - 1) / unit * unit;
}

/* As many columns as threads, or twice, thrice as many. */
static void cut_columns(PstPipeline *pipeline)
{
    int threads = pipeline->threads, width = pipeline->width;
    int tiles = (width + TILE_WIDTH - 1) / TILE_WIDTH, even = up(tiles, threads);

    if (width / even >= TILE_LEAST) {
        tiles = even;
    }
    pipeline->tile_width = up((width + tiles - 1) / tiles, PST_CELL_WIDTH);
    pipeline->tiles = (width + pipeline->tile_width - 1) / pipeline->tile_width;
    pipeline->columns = pipeline->tiles >= threads;
}

PstPipeline *pst_pipeline_new(PstThreadPool *pool, int threads, int width, int height, int band,
                              PstPipelineProgress progress, gpointer data, GCancellable *cancellable)
{
    PstPipeline *pipeline = g_new0(PstPipeline, 1);

    pipeline->pool = pool;
    pipeline->threads = threads;
    pipeline->width = width;
    pipeline->height = height;
    pipeline->band = band;
    pipeline->progress = progress;
    pipeline->progress_data = data;
    pipeline->cancellable = cancellable;
    pipeline->stages = g_ptr_array_new_with_free_func(g_free);
    pipeline->arenas = g_new0(Arena, threads);
    g_mutex_init(&pipeline->mutex);
    cut_columns(pipeline);
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
    for (int i = 0; i < pipeline->threads; i++) {
        pst_floats_free(pipeline->arenas[i].floats);
    }
    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        Stage *stage = pipeline->stages->pdata[i];

        for (int k = 0; stage->kept && k < pipeline->tiles; k++) {
            pst_floats_free(stage->kept[k]);
        }
        g_free(stage->kept);
        g_free(stage->tiles);
    }
    g_ptr_array_unref(pipeline->stages);
    g_free(pipeline->arenas);
    g_mutex_clear(&pipeline->mutex);
    g_free(pipeline);
}

int pst_pipeline_band(int width, int height, int threads)
{
    PstPipeline pipeline = { .threads = threads, .width = width };

    cut_columns(&pipeline);
    int rows = (pipeline.columns ? COLUMN_PIXELS : CUT_PIXELS) / width;
    return MIN(MAX(rows / PST_BAND_STEP, 1) * PST_BAND_STEP, up(height, PST_BAND_STEP));
}

void pst_pipeline_set_photo(PstPipeline *pipeline, PstFrame *photo, gboolean alpha, int ahead, PstPipelineRows read,
                            gpointer data)
{
    pipeline->photo = photo;
    pipeline->alpha = alpha;
    pipeline->ahead = ahead;
    pipeline->read = read;
    pipeline->read_data = data;
}

void pst_pipeline_add_stage(PstPipeline *pipeline, const PstStep *steps, int count, double work, PstPipelineRows begin,
                            PstPipelineRows finished, gpointer data)
{
    g_return_if_fail(count <= PST_TILE_STEPS);
    Stage *stage = g_new0(Stage, 1);

    g_ptr_array_add(pipeline->stages, stage);
    stage->begin = begin;

    memcpy(stage->steps, steps, count * sizeof *steps);
    stage->count = count;
    stage->work = work;
    stage->finished = finished;
    stage->data = data;
}

static gboolean cancelled(const PstPipeline *pipeline)
{
    return pipeline->cancellable && g_cancellable_is_cancelled(pipeline->cancellable);
}

/* The rows of the photograph that steps read for rows of the padded picture, which ends with mirrored ones. */
static PstRange photo_rows(const PstPipeline *pipeline, PstRange padded)
{
    int last = pipeline->photo->height - 1, beyond = MAX(0, padded.end - 1 - last);

    return (PstRange){ CLAMP(MIN(padded.begin, last - beyond), 0, last), MIN(padded.end, last + 1) };
}

/* What a stage's next band reaches for. */
static PstRange next_band(const PstPipeline *pipeline, const Stage *stage)
{
    return (PstRange){ stage->done, MIN(pipeline->height, stage->done + pipeline->band) };
}

/* What a stage reads for its next band, as step->rows of a tile. Columns have read before what lies above it. */
static void reach(const PstPipeline *pipeline, const Stage *stage, PstTile *tile)
{
    PstRange rows = next_band(pipeline, stage), columns = { 0, pipeline->width };
    PstTile before = { 0 };

    if (pipeline->columns) {
        pst_tile_reach(&before, stage->steps, stage->count, pipeline->width, pipeline->height,
                       (PstRange){ 0, rows.begin }, columns);
        rows.begin = 0;
    }
    pst_tile_reach(tile, stage->steps, stage->count, pipeline->width, pipeline->height, rows, columns);
    for (int k = 0; pipeline->columns && k < stage->count; k++) {
        tile->states[k].rows.begin = stage->done > 0 ? before.states[k].rows.end : 0;
    }
}

static PstRange photo_reach(const PstPipeline *pipeline, const Stage *stage, const PstTile *tile, int step)
{
    gboolean reads = stage->steps[step].kind == PST_STEP_PHOTO;

    return photo_rows(pipeline, reads ? tile->states[step].rows : next_band(pipeline, stage));
}

static Stage *find_producer(const PstPipeline *pipeline, const PstFeatureStrip *strip)
{
    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        Stage *stage = pipeline->stages->pdata[i];

        for (int k = 0; k < stage->count; k++) {
            if (stage->steps[k].keep == strip) {
                return stage;
            }
        }
    }
    return NULL;
}

/* The first rows of a strip, or of the photograph where it is NULL, that some stage is still to read. */
static int first_wanted(const PstPipeline *pipeline, const PstFeatureStrip *strip)
{
    int first = G_MAXINT;

    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        const Stage *stage = pipeline->stages->pdata[i];
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
    int tile_rows; /* unless tiles are columns */
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

static float *need_floats(Arena *arena, gsize floats)
{
    if (floats > arena->size) {
        pst_floats_free(arena->floats);
        arena->floats = pst_floats_new(floats);
        arena->size = floats;
    }
    return arena->floats;
}

static PstRange columns_of(const PstPipeline *pipeline, int tile)
{
    int left = tile * pipeline->tile_width;

    return (PstRange){ left, MIN(pipeline->width, left + pipeline->tile_width) };
}

static void plan_tile(const PstPipeline *pipeline, const Stage *stage, PstRange rows, PstRange columns, PstTile *tile)
{
    pst_tile_plan(tile, stage->steps, stage->count, pipeline->width, pipeline->height, rows, columns,
                  pipeline->columns ? pipeline->band : rows.end - rows.begin);
}

/* Carries a column on. */
static void run_column(int task, int worker, gpointer data)
{
    const Band *band = data;
    PstPipeline *pipeline = band->pipeline;
    PstTile *tile = &band->stage->tiles[task];
    PstRange columns = columns_of(pipeline, task);
    Progress progress = { band, worker, columns.end - columns.begin };

    pst_tile_run(tile, band->rows.end, need_floats(&pipeline->arenas[worker], tile->rings + tile->scratch),
                 band->stage->kept[task], tell, &progress, pipeline->cancellable);
}

static void run_tile(int task, int worker, gpointer data)
{
    const Band *band = data;
    PstPipeline *pipeline = band->pipeline;
    int first = band->rows.begin + task / pipeline->tiles * band->tile_rows;
    PstRange rows = { first, MIN(band->rows.end, first + band->tile_rows) };
    PstRange columns = columns_of(pipeline, task % pipeline->tiles);
    Progress progress = { band, worker, columns.end - columns.begin };
    PstTile tile;

    plan_tile(pipeline, band->stage, rows, columns, &tile);
    pst_tile_run(&tile, rows.end, need_floats(&pipeline->arenas[worker], tile.rings + tile.scratch), NULL, tell,
                 &progress, pipeline->cancellable);
}

static Band cut_band(PstPipeline *pipeline, const Stage *stage)
{
    Band band = { pipeline, stage, next_band(pipeline, stage), 0 };
    int rows = band.rows.end - band.rows.begin, threads = pipeline->threads;
    int cuts = CLAMP(threads / pipeline->tiles, 1, MAX(1, rows / LEAST_ROWS));

    band.tile_rows = up((rows + cuts - 1) / cuts, PST_BAND_STEP);
    return band;
}

static void run_band(PstPipeline *pipeline, const Stage *stage)
{
    Band band = cut_band(pipeline, stage);
    int rows = (band.rows.end - band.rows.begin + band.tile_rows - 1) / band.tile_rows;

    if (pipeline->columns) {
        pst_thread_pool_run(pipeline->pool, pipeline->tiles, run_column, &band);
    } else {
        pst_thread_pool_run(pipeline->pool, rows * pipeline->tiles, run_tile, &band);
    }
}

static gboolean read_photo(PstPipeline *pipeline, int end, gboolean dry, GError **error)
{
    PstFrame *photo = pipeline->photo;

    while (pipeline->read && pipeline->photo_done < end) {
        int chunk = (pipeline->photo_done / pipeline->band + 1) * pipeline->band;
        int rows = MIN(chunk, photo->height) - pipeline->photo_done;

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
static gboolean prepare_band(PstPipeline *pipeline, const Stage *stage, const PstTile *tile, gboolean dry,
                             GError **error)
{
    for (int k = 0; k < stage->count; k++) {
        const PstStep *step = &stage->steps[k];
        Stage *producer = step->strip ? find_producer(pipeline, step->strip) : NULL;

        if (step->photo &&
            !read_photo(pipeline,
                        MIN(pipeline->photo->height, photo_reach(pipeline, stage, tile, k).end + pipeline->ahead), dry,
                        error)) {
            return FALSE;
        }
        if (producer &&
            !advance(pipeline, producer, MIN(pipeline->height, tile->states[k].rows.end << step->level), dry, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* In a dry run: how many rows the strips of a stage hold after the band that began at `begin` and reached as `tile`
 * says. Columns make some rows before the band they belong to. */
static void measure_strips(PstPipeline *pipeline, const Stage *stage, const PstTile *tile, int begin)
{
    for (int k = 0; k < stage->count; k++) {
        PstFeatureStrip *strip = stage->steps[k].keep;

        if (strip && !strip->data) {
            int first = MIN(begin >> strip->level, first_wanted(pipeline, strip));
            strip->held = MAX(strip->held, tile->states[k].rows.end - first);
        }
    }
}

static gboolean advance(PstPipeline *pipeline, Stage *stage, int end, gboolean dry, GError **error)
{
    while (stage->done < end) {
        PstRange rows = next_band(pipeline, stage);
        PstTile tile;

        reach(pipeline, stage, &tile);
        if (!prepare_band(pipeline, stage, &tile, dry, error)) {
            return FALSE;
        }
        if (!dry) {
            if (stage->begin && !stage->begin(rows.begin, rows.end - rows.begin, stage->data, error)) {
                return FALSE;
            }
            run_band(pipeline, stage);
            if (g_cancellable_set_error_if_cancelled(pipeline->cancellable, error) ||
                (stage->finished && !stage->finished(rows.begin, rows.end - rows.begin, stage->data, error))) {
                return FALSE;
            }
        }
        stage->done = rows.end;
        if (dry) {
            measure_strips(pipeline, stage, &tile, rows.begin);
        }
    }
    return TRUE;
}

static gboolean is_read(const PstPipeline *pipeline, const Stage *stage)
{
    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        const Stage *reader = pipeline->stages->pdata[i];

        for (int k = 0; k < reader->count; k++) {
            if (reader->steps[k].strip && find_producer(pipeline, reader->steps[k].strip) == stage) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* Stages that nobody reads pull the others, a band at a time. */
static gboolean advance_all(PstPipeline *pipeline, gboolean dry, GError **error)
{
    for (int end = 0; end < pipeline->height;) {
        end = MIN(pipeline->height, end + pipeline->band);
        for (int i = 0; i < (int)pipeline->stages->len; i++) {
            Stage *stage = pipeline->stages->pdata[i];

            if (!is_read(pipeline, stage) && !advance(pipeline, stage, end, dry, error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static void restart(PstPipeline *pipeline)
{
    pipeline->photo_done = 0;
    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        ((Stage *)pipeline->stages->pdata[i])->done = 0;
    }
}

/* The largest tile of a stage: one with others beside it. */
static void plan_largest(PstPipeline *pipeline, Stage *stage, PstTile *tile)
{
    PstRange rows = { 0, pipeline->height };

    if (!pipeline->columns) {
        rows.end = MIN(rows.end, cut_band(pipeline, stage).tile_rows);
    }
    plan_tile(pipeline, stage, rows, columns_of(pipeline, pipeline->tiles / 2), tile);
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
    advance_all(pipeline, TRUE, NULL);
    restart(pipeline);
    if (pipeline->read) {
        pipeline->memory += (gsize)pipeline->photo->held * pipeline->photo->width * (pipeline->alpha ? 4 : 3) *
                            sizeof(float);
    }
    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        Stage *stage = pipeline->stages->pdata[i];

        PstTile tile;

        plan_largest(pipeline, stage, &tile);
        arena = MAX(arena, tile.rings + tile.scratch);
        pipeline->memory += pipeline->columns ? pipeline->tiles * tile.kept * sizeof(float) : 0;
        for (int k = 0; k < stage->count; k++) {
            PstFeatureStrip *strip = stage->steps[k].keep;
            pipeline->memory += strip && !strip->data ? pst_feature_strip_bytes(strip, strip->held) : 0;
        }
    }
    pipeline->memory += pipeline->threads * arena * sizeof(float);
}

gsize pst_pipeline_memory(PstPipeline *pipeline)
{
    prepare(pipeline);
    return pipeline->memory;
}

static void begin_columns(PstPipeline *pipeline, Stage *stage)
{
    stage->tiles = g_new(PstTile, pipeline->tiles);
    stage->kept = g_new(float *, pipeline->tiles);
    for (int i = 0; i < pipeline->tiles; i++) {
        plan_tile(pipeline, stage, (PstRange){ 0, pipeline->height }, columns_of(pipeline, i), &stage->tiles[i]);
        stage->kept[i] = pst_floats_new(stage->tiles[i].kept);
    }
}

/* Makes room in what the dry run has measured. */
static void make_room(PstPipeline *pipeline)
{
    PstFrame *photo = pipeline->photo;

    for (int i = 0; i < (int)pipeline->stages->len; i++) {
        Stage *stage = pipeline->stages->pdata[i];

        for (int k = 0; k < stage->count; k++) {
            PstFeatureStrip *strip = stage->steps[k].keep;

            if (strip && !strip->data) {
                pst_feature_strip_hold(strip, strip->held);
            }
        }
        if (pipeline->columns) {
            begin_columns(pipeline, stage);
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
    return advance_all(pipeline, FALSE, error);
}
