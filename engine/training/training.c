#include "training.h"

#include "checkpoint.h"
#include "sheet.h"
#include "trainer.h"

#include <stdio.h>
#include <string.h>

#define LOG_EACH        50
#define CHECKPOINT_EACH 500
#define WEIGHTS_EACH    1000

/* All that is loaded for a training. */
typedef struct {
    PstRecipe recipe;
    PstThreadPool *pool;
    PstCorpus *photos;
    PstStyleBank *bank;
    PstJudge *encoder;
    PstJudge *judge;    /* may be the encoder */
    PstJudge *examiner; /* or NULL */
    char *inputs;       /* checksums of encoder, judge, bank and examiner */
    PstTrainer *trainer;
    char *checkpoint; /* path */
} Room;

static void room_clear(Room *room)
{
    pst_trainer_free(room->trainer);
    if (room->judge != room->encoder) {
        pst_judge_free(room->judge);
    }
    pst_judge_free(room->encoder);
    pst_judge_free(room->examiner);
    pst_style_bank_free(room->bank);
    pst_corpus_free(room->photos);
    pst_thread_pool_free(room->pool);
    g_free(room->inputs);
    g_free(room->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Room, room_clear)

static char *checksum(const char *path, GError **error)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);

    if (!file) {
        g_set_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_READ,
                    "%s: can't be read; check the path", path);
        return NULL;
    }
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                       (const guchar *)g_mapped_file_get_contents(file),
                                       g_mapped_file_get_length(file));
}

static gboolean load_networks(Room *room, const PstTraining *t, GError **error)
{
    g_autofree char *encoder = checksum(t->encoder, error);
    g_autofree char *judge = encoder ? checksum(t->judge, error) : NULL;
    g_autofree char *bank = judge ? checksum(t->bank, error) : NULL;

    if (!bank) {
        return FALSE;
    }
    room->inputs = g_strdup_printf("encoder %s judge %s bank %s", encoder, judge, bank);
    room->encoder = pst_judge_read(t->encoder, error);
    if (!room->encoder) {
        return FALSE;
    }
    room->judge = g_str_equal(encoder, judge) ? room->encoder : pst_judge_read(t->judge, error);
    return room->judge != NULL;
}

/* After the other networks: its checksum joins theirs. */
static gboolean load_examiner(Room *room, const PstTraining *t, GError **error)
{
    g_autofree char *others = g_steal_pointer(&room->inputs);
    g_autofree char *examiner = checksum(t->examiner, error);

    if (!examiner) {
        return FALSE;
    }
    room->inputs = g_strdup_printf("%s examiner %s", others, examiner);
    room->examiner = pst_examiner_read(t->examiner, error);
    return room->examiner != NULL;
}

static gboolean load(Room *room, const PstTraining *t, GError **error)
{
    if (!pst_recipe_read(&room->recipe, t->recipe, error) || !load_networks(room, t, error) ||
        (t->examiner && !load_examiner(room, t, error))) {
        return FALSE;
    }
    room->bank = pst_style_bank_read(t->bank, room->examiner != NULL, error);
    if (!room->bank) {
        return FALSE;
    }
    room->pool = pst_thread_pool_new(t->threads);
    room->photos = pst_corpus_read(t->photos, room->pool, error);
    return room->photos != NULL;
}

/* The trainer with the weights to begin or to go on from. */
static gboolean prepare(Room *room, const PstTraining *t, GError **error)
{
    PstMaterial material = { &room->recipe, room->photos, room->bank,
                             room->encoder, room->judge,  room->examiner };
    PstTrainer *trainer = room->trainer = pst_trainer_new(&material, room->pool);

    room->checkpoint = g_strconcat(t->output, ".checkpoint", NULL);
    if (g_file_test(room->checkpoint, G_FILE_TEST_EXISTS)) {
        return pst_checkpoint_read(room->checkpoint, trainer->optimiser, trainer->weights,
                                   &trainer->step, room->recipe.hash, room->inputs, error);
    }
    if (t->start && !pst_generator_weights_read(trainer->weights, t->start, error)) {
        return FALSE;
    }
    pst_trainer_begin(trainer);
    return TRUE;
}

static gboolean save_checkpoint(Room *room, GError **error)
{
    PstTrainer *trainer = room->trainer;

    return pst_checkpoint_write(room->checkpoint, trainer->optimiser, trainer->weights,
                                trainer->step, room->recipe.hash, room->inputs, error);
}

static gboolean save_weights(Room *room, const PstTraining *t, GError **error)
{
    PstTrainer *trainer = room->trainer;
    g_autoptr(PstGeneratorWeights) average = pst_generator_weights_new(trainer->optimiser->average);
    g_autofree char *sheet = g_strdup_printf("%s.%06d.jpg", t->output, trainer->step);

    memcpy(average->style_mean, trainer->weights->style_mean, sizeof average->style_mean);
    memcpy(average->style_std, trainer->weights->style_std, sizeof average->style_std);
    pst_generator_weights_prepare(average, room->pool);
    return pst_generator_weights_write(average, t->output, trainer->step, error) &&
           pst_sheet_write(sheet, room->photos, room->bank, room->encoder, average, room->pool,
                           error);
}

typedef struct {
    double terms[PST_LOSSES];
    double seconds; /* spent on steps alone */
    int steps;
} Log;

static void print_log(const Room *room, Log *log)
{
    int step = room->trainer->step;

    printf("step %6d  %.3f s  rate %.6f ", step, log->seconds / log->steps,
           pst_recipe_rate(&room->recipe, step - 1));
    for (int i = 0; i < PST_LOSSES; i++) {
        printf("  %s %.4f", pst_loss_names[i], log->terms[i] / log->steps);
    }
    printf("\n");
    fflush(stdout);
    *log = (Log){ 0 };
}

static gboolean run(Room *room, const PstTraining *t, const volatile int *stop, GError **error)
{
    PstTrainer *trainer = room->trainer;
    int last = t->until > 0 ? MIN(t->until, room->recipe.steps) : room->recipe.steps;
    int checkpoint_each = t->checkpoint_each > 0 ? t->checkpoint_each : CHECKPOINT_EACH;
    int weights_each = t->weights_each > 0 ? t->weights_each : WEIGHTS_EACH;
    gboolean stopping = *stop;
    Log log = { 0 };

    if (!t->quiet) {
        printf("from step %d to %d on %d threads\n", trainer->step, last,
               pst_thread_pool_threads(room->pool));
        fflush(stdout);
    }
    while (trainer->step < last && !stopping) {
        gint64 start = g_get_monotonic_time();
        gboolean end;

        pst_trainer_step(trainer, log.terms);
        log.seconds += (g_get_monotonic_time() - start) / 1e6;
        log.steps++;
        end = trainer->step == last;
        stopping = *stop;
        if (!t->quiet && (trainer->step % LOG_EACH == 0 || end)) {
            print_log(room, &log);
        }
        /* weights first: when this is cut short, steps since the last checkpoint are repeated */
        if ((trainer->step % weights_each == 0 || end) && !save_weights(room, t, error)) {
            return FALSE;
        }
        if ((trainer->step % checkpoint_each == 0 || end || stopping) &&
            !save_checkpoint(room, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_training_run(const PstTraining *training, const volatile int *stop, GError **error)
{
    g_auto(Room) room = { 0 };

    return load(&room, training, error) && prepare(&room, training, error) &&
           run(&room, training, stop, error);
}
