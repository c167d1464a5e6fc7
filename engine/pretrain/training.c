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
    PstTrainingRecipe recipe;
    PstThreadPool *pool;
    PstCorpus *photos;
    PstStyleBank *bank;
    PstLossNetwork *encoder;
    PstLossNetwork *loss_network;    /* may be the encoder */
    PstLossNetwork *shallow; /* or NULL */
    char *inputs;       /* checksums of encoder, loss network, bank and shallow loss network */
    PstTrainer *trainer;
    char *checkpoint; /* path */
} Workspace;

static void room_clear(Workspace *workspace)
{
    pst_trainer_free(workspace->trainer);
    if (workspace->loss_network != workspace->encoder) {
        pst_loss_network_free(workspace->loss_network);
    }
    pst_loss_network_free(workspace->encoder);
    pst_loss_network_free(workspace->shallow);
    pst_style_bank_free(workspace->bank);
    pst_corpus_free(workspace->photos);
    pst_thread_pool_free(workspace->pool);
    g_free(workspace->inputs);
    g_free(workspace->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, room_clear)

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

static gboolean load_networks(Workspace *workspace, const PstTraining *t, GError **error)
{
    g_autofree char *encoder = checksum(t->encoder, error);
    g_autofree char *loss_network = encoder ? checksum(t->loss_network, error) : NULL;
    g_autofree char *bank = loss_network ? checksum(t->bank, error) : NULL;

    if (!bank) {
        return FALSE;
    }
    workspace->inputs = g_strdup_printf("encoder %s judge %s bank %s", encoder, loss_network, bank);
    workspace->encoder = pst_loss_network_read(t->encoder, error);
    if (!workspace->encoder) {
        return FALSE;
    }
    workspace->loss_network = g_str_equal(encoder, loss_network) ? workspace->encoder : pst_loss_network_read(t->loss_network, error);
    return workspace->loss_network != NULL;
}

/* After the other networks: its checksum joins theirs. */
static gboolean load_examiner(Workspace *workspace, const PstTraining *t, GError **error)
{
    g_autofree char *others = g_steal_pointer(&workspace->inputs);
    g_autofree char *shallow = checksum(t->shallow, error);

    if (!shallow) {
        return FALSE;
    }
    workspace->inputs = g_strdup_printf("%s examiner %s", others, shallow);
    workspace->shallow = pst_shallow_loss_network_read(t->shallow, error);
    return workspace->shallow != NULL;
}

static gboolean load(Workspace *workspace, const PstTraining *t, GError **error)
{
    if (!pst_training_recipe_read(&workspace->recipe, t->recipe, error) || !load_networks(workspace, t, error) ||
        (t->shallow && !load_examiner(workspace, t, error))) {
        return FALSE;
    }
    workspace->bank = pst_style_bank_read(t->bank, workspace->shallow != NULL, error);
    if (!workspace->bank) {
        return FALSE;
    }
    workspace->pool = pst_thread_pool_new(t->threads);
    workspace->photos = pst_corpus_read(t->photos, workspace->pool, error);
    return workspace->photos != NULL;
}

/* The trainer with the weights to begin or to go on from. */
static gboolean prepare(Workspace *workspace, const PstTraining *t, GError **error)
{
    PstTrainingData inputs = { &workspace->recipe, workspace->photos, workspace->bank,
                             workspace->encoder, workspace->loss_network,  workspace->shallow };
    PstTrainer *trainer = workspace->trainer = pst_trainer_new(&inputs, workspace->pool);

    workspace->checkpoint = g_strconcat(t->output, ".checkpoint", NULL);
    if (g_file_test(workspace->checkpoint, G_FILE_TEST_EXISTS)) {
        return pst_checkpoint_read(workspace->checkpoint, trainer->optimiser, trainer->weights,
                                   &trainer->step, workspace->recipe.hash, workspace->inputs, error);
    }
    if (t->start && !pst_generator_weights_read(trainer->weights, t->start, error)) {
        return FALSE;
    }
    pst_trainer_begin(trainer);
    return TRUE;
}

static gboolean save_checkpoint(Workspace *workspace, GError **error)
{
    PstTrainer *trainer = workspace->trainer;

    return pst_checkpoint_write(workspace->checkpoint, trainer->optimiser, trainer->weights,
                                trainer->step, workspace->recipe.hash, workspace->inputs, error);
}

static gboolean save_weights(Workspace *workspace, const PstTraining *t, GError **error)
{
    PstTrainer *trainer = workspace->trainer;
    g_autoptr(PstGeneratorWeights) average = pst_generator_weights_new(trainer->optimiser->average);
    g_autofree char *sheet = g_strdup_printf("%s.%06d.jpg", t->output, trainer->step);

    memcpy(average->style_mean, trainer->weights->style_mean, sizeof average->style_mean);
    memcpy(average->style_std, trainer->weights->style_std, sizeof average->style_std);
    pst_generator_weights_prepare(average, workspace->pool);
    return pst_generator_weights_write(average, t->output, trainer->step, error) &&
           pst_sheet_write(sheet, workspace->photos, workspace->bank, workspace->encoder, average, workspace->pool,
                           error);
}

typedef struct {
    double terms[PST_LOSSES];
    double seconds; /* spent on steps alone */
    int steps;
} Log;

static void print_log(const Workspace *workspace, Log *log)
{
    int step = workspace->trainer->step;

    printf("step %6d  %.3f s  rate %.6f ", step, log->seconds / log->steps,
           pst_training_recipe_rate(&workspace->recipe, step - 1));
    for (int i = 0; i < PST_LOSSES; i++) {
        printf("  %s %.4f", pst_loss_names[i], log->terms[i] / log->steps);
    }
    printf("\n");
    fflush(stdout);
    *log = (Log){ 0 };
}

static gboolean run(Workspace *workspace, const PstTraining *t, const volatile int *stop, GError **error)
{
    PstTrainer *trainer = workspace->trainer;
    int last = t->until > 0 ? MIN(t->until, workspace->recipe.steps) : workspace->recipe.steps;
    int checkpoint_each = t->checkpoint_each > 0 ? t->checkpoint_each : CHECKPOINT_EACH;
    int weights_each = t->weights_each > 0 ? t->weights_each : WEIGHTS_EACH;
    gboolean stopping = *stop;
    Log log = { 0 };

    if (!t->quiet) {
        printf("from step %d to %d on %d threads\n", trainer->step, last,
               pst_thread_pool_threads(workspace->pool));
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
            print_log(workspace, &log);
        }
        /* weights first: when this is cut short, steps since the last checkpoint are repeated */
        if ((trainer->step % weights_each == 0 || end) && !save_weights(workspace, t, error)) {
            return FALSE;
        }
        if ((trainer->step % checkpoint_each == 0 || end || stopping) &&
            !save_checkpoint(workspace, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_training_run(const PstTraining *training, const volatile int *stop, GError **error)
{
    g_auto(Workspace) workspace = { 0 };

    return load(&workspace, training, error) && prepare(&workspace, training, error) &&
           run(&workspace, training, stop, error);
}
