#include "glimpses.h"

#include "engine/kernel/halves.h"

#define SMALLEST_WINDOW 0.9 /* times `size` */
#define LARGEST_WINDOW  2.0
#define MOST_NOISE      0.06
#define NOISY           4 /* one of so many */

static gsize rgb_size(const PstGlimpses *g)
{
    return (gsize)g->size * g->size * 3;
}

static gsize features_size(const PstGlimpses *g)
{
    return (gsize)(g->size / 4) * (g->size / 4) * PST_GLIMPSE_CHANNELS;
}

PstGlimpses *pst_glimpses_new(int count, int size)
{
    PstGlimpses *g = g_new0(PstGlimpses, 1);

    g->count = count;
    g->size = size;
    g->rgb = g_new(guint16, count * rgb_size(g));
    g->features = g_new(guint16, count * features_size(g));
    return g;
}

void pst_glimpses_free(PstGlimpses *g)
{
    if (g) {
        g_free(g->rgb);
        g_free(g->features);
        g_free(g);
    }
}

void pst_glimpse_rgb(const PstGlimpses *g, int i, PstMap *rgb)
{
    pst_halves_to_floats(g->rgb + i * rgb_size(g), rgb_size(g), rgb->data);
}

void pst_glimpse_features(const PstGlimpses *g, int i, PstMap *features)
{
    pst_halves_to_floats(g->features + i * features_size(g), features_size(g), features->data);
}

void pst_glimpse_set_rgb(PstGlimpses *g, int i, const PstMap *rgb)
{
    pst_halves_from_floats(rgb->data, rgb_size(g), g->rgb + i * rgb_size(g));
}

typedef struct {
    PstGlimpses *glimpses;
    int first;
    const PstGlimpseSource *sources;
    int source_count;
    guint64 seed;
    const PstJudge *teacher;
} Work;

static const PstGlimpseSource *choose_source(const Work *w, PstRandom *random)
{
    double at = pst_random_unit(random);
    int i = 0;

    while (i < w->source_count - 1 && at >= w->sources[i].share) {
        at -= w->sources[i++].share;
    }
    return &w->sources[i];
}

static void take_one(int task, int worker, gpointer data)
{
    const Work *w = data;
    PstGlimpses *g = w->glimpses;
    int i = w->first + task;
    PstRandom random = pst_random_at(w->seed, 0, i);
    const PstGlimpseSource *source = choose_source(w, &random);
    const PstExample *e = &source->pictures[pst_random_below(&random, source->count)];
    PstWindow window = pst_corpus_square(e, &random, (int)(SMALLEST_WINDOW * g->size), (int)(LARGEST_WINDOW * g->size));
    PstMap rgb = pst_map_new(g->size, g->size, 3);

    pst_corpus_resample(e, window, &rgb);
    pst_vary_colours(&rgb, &random);
    if (pst_random_below(&random, NOISY) == 0) {
        double noise = pst_random_uniform(&random, 0, MOST_NOISE);

        for (gsize k = 0; k < rgb_size(g); k++) {
            rgb.data[k] += (float)(noise * pst_random_normal(&random));
        }
    }
    pst_glimpse_set_rgb(g, i, &rgb);
    pst_map_clear(&rgb);
}

static void look_at_one(int task, int worker, gpointer data)
{
    const Work *w = data;
    PstGlimpses *g = w->glimpses;
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstSight) sight = pst_sight_new(w->teacher, arena, g->size, g->size, PST_GLIMPSE_TAP, FALSE);
    PstMap rgb = pst_arena_map(arena, g->size, g->size, 3);
    int i = w->first + task;

    pst_glimpse_rgb(g, i, &rgb);
    pst_judge_forward(w->teacher, &rgb, sight);
    pst_halves_from_floats(sight->taps[PST_GLIMPSE_TAP].data, features_size(g), g->features + i * features_size(g));
}

void pst_glimpses_look(PstGlimpses *g, int first, int count, const PstJudge *teacher, PstThreadPool *pool)
{
    pst_thread_pool_run(pool, count, look_at_one, &(Work){ .glimpses = g, .first = first, .teacher = teacher });
}

void pst_glimpses_take(PstGlimpses *g, int first, int count, const PstGlimpseSource *sources, int source_count,
                       guint64 seed, PstThreadPool *pool)
{
    pst_thread_pool_run(pool, count, take_one,
                        &(Work){ .glimpses = g, .first = first, .sources = sources, .source_count = source_count,
                                 .seed = seed });
}
