#include "executor.h"

#include "engine/kernel/pointwise.h"

/* Floats of output per share: few enough for an even load and a quick cancel, enough that sharing costs nothing. */
#define SHARE_FLOATS  (1 << 17)
#define FEWEST_FLOATS (1 << 14) /* of output: with fewer, waking another thread costs more than it gains */
#define TILE          4         /* rows of a tile of the convolutions */

struct PstExecutor {
    PstThreadPool *pool;
    GCancellable *cancellable;
    PstExecutorProgress progress;
    gpointer data;
    double work;
    float **scratch; /* [threads] */
    gsize scratch_size;
};

PstExecutor *pst_executor_new(PstThreadPool *pool, GCancellable *cancellable, PstExecutorProgress progress,
                              gpointer data)
{
    PstExecutor *executor = g_new0(PstExecutor, 1);

    executor->pool = pool;
    executor->cancellable = cancellable;
    executor->progress = progress;
    executor->data = data;
    executor->scratch = g_new0(float *, pst_thread_pool_threads(pool));
    return executor;
}

static void free_scratch(PstExecutor *executor)
{
    for (int i = 0; i < pst_thread_pool_threads(executor->pool); i++) {
        pst_floats_free(executor->scratch[i]);
        executor->scratch[i] = NULL;
    }
}

void pst_executor_free(PstExecutor *executor)
{
    if (!executor) {
        return;
    }
    free_scratch(executor);
    g_free(executor->scratch);
    g_free(executor);
}

gboolean pst_executor_cancelled(const PstExecutor *executor)
{
    return g_cancellable_is_cancelled(executor->cancellable);
}

static void need_scratch(PstExecutor *executor, gsize floats)
{
    if (floats <= executor->scratch_size) {
        return;
    }
    free_scratch(executor);
    for (int i = 0; i < pst_thread_pool_threads(executor->pool); i++) {
        executor->scratch[i] = pst_floats_new(floats);
    }
    executor->scratch_size = floats;
}

static void advance(PstExecutor *executor, double work)
{
    executor->work += work;
    if (executor->progress && !pst_executor_cancelled(executor)) {
        executor->progress(executor->work, executor->data);
    }
}

int pst_executor_share(const PstExecutor *executor, int height, int width, int channels)
{
    int threads = pst_thread_pool_threads(executor->pool), bands = (height + TILE - 1) / TILE;
    int most = MAX(TILE, (int)(SHARE_FLOATS / ((gsize)width * channels + 1) / TILE * TILE));
    int shares = (height + most - 1) / most;

    /* With an uneven number one thread waits for another's last share. */
    if ((gsize)height * width * channels >= FEWEST_FLOATS) {
        shares = (shares + threads - 1) / threads * threads;
    }
    return MAX(1, (bands + shares - 1) / shares) * TILE;
}

typedef struct {
    const PstConvolution *convolution;
    const PstMap *x;
    PstMap *y;
    const PstFusion *fusion;
} Convolve;

static void convolve_rows(int first, int rows, float *scratch, gpointer data)
{
    const Convolve *c = data;

    pst_convolution_forward(c->convolution, c->x, c->y, first, rows, c->fusion, scratch);
}

void pst_executor_convolve(PstExecutor *executor, const PstConvolution *convolution, const PstMap *x, PstMap *y,
                           const PstFusion *fusion)
{
    int scale = fusion && fusion->upsample ? 2 : 1;
    int height = x->height * scale, width = x->width * scale;
    int out = pst_convolution_out(convolution);
    Convolve c = { convolution, x, y, fusion };

    pst_executor_scratch_rows(executor, height, pst_executor_share(executor, height, width, out),
                              pst_convolution_scratch(convolution, width), convolve_rows, &c);
    advance(executor, 9.0 * height * width * out * pst_convolution_in(convolution));
}

typedef struct {
    PstRows run;
    gpointer data;
} Rows;

static void plain_rows(int first, int rows, float *scratch, gpointer data)
{
    const Rows *r = data;

    r->run(first, rows, r->data);
}

void pst_executor_rows(PstExecutor *executor, int height, int share, PstRows run, gpointer data)
{
    Rows r = { run, data };

    pst_executor_scratch_rows(executor, height, share, 0, plain_rows, &r);
}

typedef struct {
    PstScratchRows run;
    gpointer data;
    PstExecutor *executor;
    int height, share;
} ScratchRows;

static void scratch_rows_share(int task, int worker, gpointer data)
{
    ScratchRows *r = data;
    int first = task * r->share;

    if (!pst_executor_cancelled(r->executor)) {
        r->run(first, MIN(r->share, r->height - first), r->executor->scratch[worker], r->data);
    }
}

void pst_executor_scratch_rows(PstExecutor *executor, int height, int share, gsize floats, PstScratchRows run,
                               gpointer data)
{
    ScratchRows r = { run, data, executor, height, share };

    need_scratch(executor, floats);
    pst_thread_pool_run(executor->pool, (height + share - 1) / share, scratch_rows_share, &r);
}

typedef struct {
    const PstConvolution *convolution;
    const PstMap *dy, *y;
    PstMap *dx;
} BackwardInput;

static void backward_input_rows(int first, int rows, float *scratch, gpointer data)
{
    BackwardInput *b = data;

    pst_convolution_backward_input_rows(b->convolution, b->dy, b->y, b->dx, first, rows, scratch);
}

void pst_executor_backward_input(PstExecutor *executor, const PstConvolution *convolution, const PstMap *dy,
                                 const PstMap *y, PstMap *dx)
{
    BackwardInput b = { convolution, dy, y, dx };
    int share = pst_executor_share(executor, dx->height, dx->width, dx->channels);

    pst_executor_scratch_rows(executor, dx->height, share, pst_convolution_scratch(convolution, dx->width),
                              backward_input_rows, &b);
    advance(executor, 9.0 * dx->height * dx->width * dx->channels * dy->channels);
}

typedef struct {
    const PstMap *x;
    const float *weight, *bias;
    PstMap *y;
} Pointwise;

static void pointwise_rows(int first, int rows, gpointer data)
{
    Pointwise *p = data;

    pst_pointwise(p->x, p->weight, p->bias, FALSE, p->y, first, rows);
}

void pst_executor_pointwise(PstExecutor *executor, const PstMap *x, const float *weight, const float *bias, PstMap *y)
{
    Pointwise p = { x, weight, bias, y };

    pst_executor_rows(executor, x->height, pst_executor_share(executor, x->height, x->width, y->channels),
                      pointwise_rows, &p);
    advance(executor, (double)pst_map_size(x) * y->channels);
}

typedef struct {
    const PstMap *x;
    int begin;
    PstMoments **parts;
} Gather;

static void gather_rows(int first, int rows, gpointer data)
{
    Gather *g = data;

    pst_moments_add(g->parts[first / PST_MOMENTS_ROWS], g->x, g->begin + first, rows);
}

void pst_executor_gather(PstExecutor *executor, const PstMap *x, int first, int rows, PstMoments *moments)
{
    int count = (rows + PST_MOMENTS_ROWS - 1) / PST_MOMENTS_ROWS;
    Gather g = { x, first, g_new(PstMoments *, count) };

    for (int i = 0; i < count; i++) {
        g.parts[i] = pst_moments_new(x->channels);
    }
    pst_executor_rows(executor, rows, PST_MOMENTS_ROWS, gather_rows, &g);
    for (int i = 0; i < count; i++) {
        pst_moments_merge(moments, g.parts[i]);
        pst_moments_free(g.parts[i]);
    }
    g_free(g.parts);
}
