#include "teacher_patches.h"

#include "engine/kernel/unsigned_half.h"

#define SMALLEST_CROP 0.9 /* times `size` */
#define LARGEST_CROP  2.0
#define MOST_NOISE    0.06
#define NOISY         4 /* one of so many */

static gsize rgb_size(const PstTeacherPatches *p)
{
    return (gsize)p->size * p->size * 3;
}

static gsize features_size(const PstTeacherPatches *p)
{
    return (gsize)(p->size / 4) * (p->size / 4) * PST_TEACHER_PATCH_CHANNELS;
}

PstTeacherPatches *pst_teacher_patches_new(int count, int size)
{
    PstTeacherPatches *p = g_new0(PstTeacherPatches, 1);

    p->count = count;
    p->size = size;
    p->rgb = g_new(guint16, count * rgb_size(p));
    p->features = g_new(guint16, count * features_size(p));
    return p;
}

void pst_teacher_patches_free(PstTeacherPatches *p)
{
    if (p) {
        g_free(p->rgb);
        g_free(p->features);
        g_free(p);
    }
}

void pst_teacher_patch_rgb(const PstTeacherPatches *p, int i, PstMap *rgb)
{
    pst_unsigned_halves_to_floats(p->rgb + i * rgb_size(p), rgb_size(p), rgb->data);
}

void pst_teacher_patch_features(const PstTeacherPatches *p, int i, PstMap *features)
{
    pst_unsigned_halves_to_floats(p->features + i * features_size(p), features_size(p), features->data);
}

void pst_teacher_patch_set_rgb(PstTeacherPatches *p, int i, const PstMap *rgb)
{
    pst_unsigned_halves_from_floats(rgb->data, rgb_size(p), p->rgb + i * rgb_size(p));
}

typedef struct {
    PstTeacherPatches *patches;
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

static void fill_one(int task, int worker, gpointer data)
{
    const Work *w = data;
    PstTeacherPatches *p = w->patches;
    int i = w->first + task;
    PstRandom random = pst_random_at(w->seed, 0, i);
    const PstTeacherPatchSource *source = choose_source(w, &random);
    const PstExample *e = &source->pictures[pst_random_below(&random, source->count)];
    PstCrop crop = pst_example_random_square(e, &random, (int)(SMALLEST_CROP * p->size), (int)(LARGEST_CROP * p->size));
    PstMap rgb = pst_map_new(p->size, p->size, 3);

    pst_example_resample(e, crop, &rgb);
    pst_vary_colours(&rgb, &random);
    if (pst_random_below(&random, NOISY) == 0) {
        double noise = pst_random_uniform(&random, 0, MOST_NOISE);

        for (gsize k = 0; k < rgb_size(p); k++) {
            rgb.data[k] += (float)(noise * pst_random_normal(&random));
        }
    }
    pst_teacher_patch_set_rgb(p, i, &rgb);
    pst_map_clear(&rgb);
}

static void encode_one(int task, int worker, gpointer data)
{
    const Work *w = data;
    PstTeacherPatches *p = w->patches;
    g_autoptr(PstArena) arena = pst_arena_new();
    g_autoptr(PstActivations)
        activations = pst_activations_new(w->teacher, arena, p->size, p->size, PST_TEACHER_PATCH_TAP, FALSE);
    PstMap rgb = pst_arena_map(arena, p->size, p->size, 3);
    int i = w->first + task;

    pst_teacher_patch_rgb(p, i, &rgb);
    pst_loss_network_forward(w->teacher, &rgb, activations);
    pst_unsigned_halves_from_floats(activations->taps[PST_TEACHER_PATCH_TAP].data, features_size(p),
                                    p->features + i * features_size(p));
}

void pst_teacher_patches_encode(PstTeacherPatches *p, int first, int count, const PstLossNetwork *teacher,
                                PstThreadPool *pool)
{
    pst_thread_pool_run(pool, count, encode_one, &(Work){ .patches = p, .first = first, .teacher = teacher });
}

void pst_teacher_patches_fill(PstTeacherPatches *p, int first, int count, const PstTeacherPatchSource *sources,
                              int source_count, guint64 seed, PstThreadPool *pool)
{
    const Work work = { p, first, sources, source_count, seed, NULL };

    pst_thread_pool_run(pool, count, fill_one, (gpointer)&work);
}
