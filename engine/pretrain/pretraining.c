#include "pretraining.h"

#include "checkpoint.h"
#include "sheet.h"
#include "trainer.h"

#include "engine/finetune/provenance.h"

#include <stdio.h>
#include <string.h>

#define LOG_EACH        50
#define CHECKPOINT_EACH 500
#define WEIGHTS_EACH    1000

/* All that is loaded. */
typedef struct {
    PstTrainingRecipe recipe;
    PstThreadPool *pool;
    PstCorpus *photos;
    PstCorpus *paintings; /* or NULL */
    PstStyleBank *bank;
    PstLossNetwork *encoder;
    PstLossNetwork *loss_network;         /* may be the encoder */
    PstLossNetwork *shallow_loss_network; /* or NULL */
    char *inputs;                         /* checksums of encoder, loss network, bank and shallow loss network */
    PstTrainer *trainer;
    char *checkpoint; /* path */
} Workspace;

static void workspace_clear(Workspace *w)
{
    pst_trainer_free(w->trainer);
    if (w->loss_network != w->encoder) {
        pst_loss_network_free(w->loss_network);
    }
    pst_loss_network_free(w->encoder);
    pst_loss_network_free(w->shallow_loss_network);
    pst_style_bank_free(w->bank);
    pst_corpus_free(w->photos);
    pst_corpus_free(w->paintings);
    pst_thread_pool_free(w->pool);
    g_free(w->inputs);
    g_free(w->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Workspace, workspace_clear)

static gboolean load_networks(Workspace *w, const PstPretraining *t, GError **error)
{
    g_autofree char *encoder = pst_provenance_checksum((const char *[]){ t->encoder, NULL }, error);
    g_autofree char *loss_network = encoder ? pst_provenance_checksum((const char *[]){ t->loss_network, NULL }, error)
                                            : NULL;
    g_autofree char *bank = loss_network ? pst_provenance_checksum((const char *[]){ t->bank, NULL }, error) : NULL;

    if (!bank) {
        return FALSE;
    }
    w->inputs = g_strdup_printf("encoder %s judge %s bank %s", encoder, loss_network, bank);
    w->encoder = pst_loss_network_read(t->encoder, error);
    if (!w->encoder) {
        return FALSE;
    }
    w->loss_network = g_str_equal(encoder, loss_network) ? w->encoder : pst_loss_network_read(t->loss_network, error);
    return w->loss_network != NULL;
}

/* After the other networks: its checksum joins theirs. */
static gboolean load_shallow_network(Workspace *w, const PstPretraining *t, GError **error)
{
    g_autofree char *others = g_steal_pointer(&w->inputs);
    g_autofree char *shallow = pst_provenance_checksum((const char *[]){ t->shallow_loss_network, NULL }, error);

    if (!shallow) {
        return FALSE;
    }
    w->inputs = g_strdup_printf("%s examiner %s", others, shallow);
    w->shallow_loss_network = pst_shallow_loss_network_read(t->shallow_loss_network, error);
    return w->shallow_loss_network != NULL;
}

static gboolean load_paintings(Workspace *w, const PstPretraining *t, GError **error)
{
    if (w->recipe.painting_size == 0) {
        return TRUE;
    }
    if (!t->paintings) {
        g_set_error(error, PST_TRAINING_RECIPE_ERROR, PST_TRAINING_RECIPE_ERROR_VALUE,
                    "%s: has a \"painting_size\", and there is no folder of paintings", t->recipe);
        return FALSE;
    }
    w->paintings = pst_corpus_read(t->paintings, w->pool, error);
    return w->paintings != NULL;
}

static gboolean load(Workspace *w, const PstPretraining *t, GError **error)
{
    if (!pst_training_recipe_read(&w->recipe, t->recipe, error) || !load_networks(w, t, error) ||
        (t->shallow_loss_network && !load_shallow_network(w, t, error))) {
        return FALSE;
    }
    w->bank = pst_style_bank_read(t->bank, w->shallow_loss_network != NULL, error);
    if (!w->bank) {
        return FALSE;
    }
    w->pool = pst_thread_pool_new(t->threads);
    w->photos = pst_corpus_read(t->photos, w->pool, error);
    return w->photos && load_paintings(w, t, error);
}

/* The trainer with the weights to begin or to go on from. */
static gboolean prepare(Workspace *w, const PstPretraining *t, GError **error)
{
    const PstTrainerData data = { &w->recipe, w->photos,       w->paintings,           w->bank,
                                  w->encoder, w->loss_network, w->shallow_loss_network };
    PstTrainer *trainer = w->trainer = pst_trainer_new(&data, w->pool);

    w->checkpoint = g_strconcat(t->output, ".checkpoint", NULL);
    if (g_file_test(w->checkpoint, G_FILE_TEST_EXISTS)) {
        return pst_checkpoint_read(w->checkpoint, trainer->optimiser, trainer->weights, &trainer->step, w->recipe.hash,
                                   w->inputs, error);
    }
    if (t->start && !pst_generator_weights_read(trainer->weights, t->start, error)) {
        return FALSE;
    }
    pst_trainer_begin(trainer);
    return TRUE;
}

static gboolean save_checkpoint(Workspace *w, GError **error)
{
    PstTrainer *trainer = w->trainer;

    return pst_checkpoint_write(w->checkpoint, trainer->optimiser, trainer->weights, trainer->step, w->recipe.hash,
                                w->inputs, error);
}

static gboolean save_weights(Workspace *w, const PstPretraining *t, GError **error)
{
    PstTrainer *trainer = w->trainer;
    g_autoptr(PstGeneratorWeights) average = pst_generator_weights_new(trainer->optimiser->average);
    g_autofree char *sheet = g_strdup_printf("%s.%06d.jpg", t->output, trainer->step);

    memcpy(average->style_mean, trainer->weights->style_mean, sizeof average->style_mean);
    memcpy(average->style_std, trainer->weights->style_std, sizeof average->style_std);
    pst_generator_weights_prepare(average, w->pool);
    return pst_generator_weights_write(average, t->output, trainer->step, error) &&
           pst_sheet_write(sheet, w->photos, w->bank, w->encoder, average, w->pool, error);
}

typedef struct {
    double terms[PST_LOSSES];
    double seconds; /* spent on steps alone */
    int steps;
} Log;

static void print_log(const Workspace *w, Log *log)
{
    int step = w->trainer->step;

    printf("step %6d  %.3f s  rate %.6f ", step, log->seconds / log->steps,
           pst_training_recipe_rate(&w->recipe, step - 1));
    for (int i = 0; i < PST_LOSSES; i++) {
        printf("  %s %.4f", pst_loss_names[i], log->terms[i] / log->steps);
    }
    printf("\n");
    fflush(stdout);
    *log = (Log){ 0 };
}

static gboolean run(Workspace *w, const PstPretraining *t, const volatile int *stop, GError **error)
{
    PstTrainer *trainer = w->trainer;
    int last = t->until > 0 ? MIN(t->until, w->recipe.steps) : w->recipe.steps;
    int checkpoint_each = t->checkpoint_each > 0 ? t->checkpoint_each : CHECKPOINT_EACH;
    int weights_each = t->weights_each > 0 ? t->weights_each : WEIGHTS_EACH;
    gboolean stopping = *stop;
    Log log = { 0 };

    if (!t->quiet) {
        printf("from step %d to %d on %d threads\n", trainer->step, last, pst_thread_pool_threads(w->pool));
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
            print_log(w, &log);
        }
        /* weights first: when this is cut short, steps since the last checkpoint are repeated */
        if ((trainer->step % weights_each == 0 || end) && !save_weights(w, t, error)) {
            return FALSE;
        }
        if ((trainer->step % checkpoint_each == 0 || end || stopping) && !save_checkpoint(w, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_pretraining_run(const PstPretraining *pretraining, const volatile int *stop, GError **error)
{
    g_auto(Workspace) w = { 0 };

    return load(&w, pretraining, error) && prepare(&w, pretraining, error) && run(&w, pretraining, stop, error);
}
