#include "teacher_patches.h"

#include "engine/kernel/unsigned_half.h"

#define SMALLEST_WINDOW 0.9 /* times `size` */
#define LARGEST_WINDOW  2.0
#define MOST_NOISE      0.06
#define NOISY           4 /* one of so many */

static gsize rgb_size(const PstTeacherPatches *g)
{
    return (gsize)g->size * g->size * 3;
}

static gsize features_size(const PstTeacherPatches *g)
{
    return (gsize)(g->size / 4) * (g->size / 4) * PST_TEACHER_PATCH_CHANNELS;
}

PstTeacherPatches *pst_teacher_patches_new(int count, int size)
{
    PstTeacherPatches *g = g_new0(PstTeacherPatches, 1);

    g->count = count;
    g->size = size;
    g->rgb = g_new(guint16, count * rgb_size(g));
    g->features = g_new(guint16, count * features_size(g));
    return g;
}

void pst_teacher_patches_free(PstTeacherPatches *g)
{
    if (g) {
        g_free(g->rgb);
        g_free(g->features);
        g_free(g);
    }
}

void pst_teacher_patch_rgb(const PstTeacherPatches *g, int i, PstMap *rgb)
{
    pst_unsigned_halves_to_floats(g->rgb + i * rgb_size(g), rgb_size(g), rgb->data);
}

void pst_teacher_patch_features(const PstTeacherPatches *g, int i, PstMap *features)
{
    pst_unsigned_halves_to_floats(g->features + i * features_size(g), features_size(g), features->data);
}

void pst_teacher_patch_set_rgb(PstTeacherPatches *g, int i, const PstMap *rgb)
{
    pst_unsigned_halves_from_floats(rgb->data, rgb_size(g), g->rgb + i * rgb_size(g));
}

typedef struct {
    PstTeacherPatches *teacher_patches;
    int first;
    const PstTeacherPatchSource *sources;
    int source_count;
    guint64 seed;
    const PstLossNetwork *teacher;
} Work;

static const PstTeacherPatchSource *choose_source(const Work *w, PstRandom *random)
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
    PstTeacherPatches *g = w->teacher_patches;
    int i = w->first + task;
    PstRandom random = pst_random_at(w->seed, 0, i);
    const PstTeacherPatchSource *source = choose_source(w, &random);
    const PstExample *e = &source->pictures[pst_random_below(&random, source->count)];
    PstCrop window = pst_corpus_square(e, &random, (int)(SMALLEST_WINDOW * g->size), (int)(LARGEST_WINDOW * g->size));
    PstMap rgb = pst_map_new(g->size, g->size, 3);

    pst_corpus_resample(e, window, &rgb);
    pst_vary_colours(&rgb, &random);
    if (pst_random_below(&random, NOISY) == 0) {
        double noise = pst_random_uniform(&random, 0, MOST_NOISE);

        for (gsize k = 0; k < rgb_size(g); k++) {
            rgb.data[k] += (float)(noise * pst_random_normal(&random));
        }
    }
    pst_teacher_patch_set_rgb(g, i, &rgb);
    pst_map_clear(&rgb);
}

static void look_at_one(int task, int worker, gpointer data)
{
    const Work *w = data;
    PstTeacherPatches *g = w->teacher_patches;
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations) activations = pst_activations_new(w->teacher, arena, g->size, g->size, PST_TEACHER_PATCH_TAP, FALSE);
    PstMap rgb = pst_arena_map(arena, g->size, g->size, 3);
    int i = w->first + task;

    pst_teacher_patch_rgb(g, i, &rgb);
    pst_loss_network_forward(w->teacher, &rgb, activations);
    pst_unsigned_halves_from_floats(activations->taps[PST_TEACHER_PATCH_TAP].data, features_size(g), g->features + i * features_size(g));
}

void pst_teacher_patches_look(PstTeacherPatches *g, int first, int count, const PstLossNetwork *teacher, PstThreadPool *pool)
{
    pst_thread_pool_run(pool, count, look_at_one, &(Work){ .teacher_patches = g, .first = first, .teacher = teacher });
}

void pst_teacher_patches_take(PstTeacherPatches *g, int first, int count, const PstTeacherPatchSource *sources, int source_count,
                       guint64 seed, PstThreadPool *pool)
{
    pst_thread_pool_run(pool, count, take_one,
                        &(Work){ .teacher_patches = g, .first = first, .sources = sources, .source_count = source_count,
                                 .seed = seed });
}
