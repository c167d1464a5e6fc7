/* pastiche-pretrain: makes the base generator and the shallow loss network out of photographs and paintings. */
#include "app/common/advice.h"
#include "engine/pretrain/checkpoint.h"
#include "engine/pretrain/distillation.h"
#include "engine/pretrain/pretraining.h"
#include "engine/pretrain/style_bank.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t stop;

static void ask_to_stop(int number)
{
    stop = 1;
}

/* Parses `arguments`, whose first is the program's name; says what is wrong with them. */
static gboolean parse(const char *summary, const GOptionEntry *entries, const char *const *required, char **arguments,
                      GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    char **rest = arguments;

    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse_strv(context, &rest, error)) {
        return FALSE;
    }
    if (arguments[1]) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: not an option; see --help", arguments[1]);
        return FALSE;
    }
    for (; *required; required++) {
        for (const GOptionEntry *e = entries; e->long_name; e++) {
            if (g_str_equal(e->long_name, *required) && !*(char **)e->arg_data) {
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: is missing; see --help", *required);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean train(char **arguments, GError **error)
{
    static PstPretraining p;
    static const GOptionEntry entries[] = {
        { "photos", 0, 0, G_OPTION_ARG_FILENAME, &p.photos, "Folder of photographs", "DIR" },
        { "paintings", 0, 0, G_OPTION_ARG_FILENAME, &p.paintings,
          "Folder of paintings, for recipes with a painting_size", "DIR" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &p.encoder, "Weights of the encoder", "FILE" },
        { "loss-network", 0, 0, G_OPTION_ARG_FILENAME, &p.loss_network,
          "Weights of the loss network; may be the encoder's", "FILE" },
        { "judge", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &p.loss_network, NULL, NULL },
        { "shallow-loss-network", 0, 0, G_OPTION_ARG_FILENAME, &p.shallow_loss_network,
          "Weights of VGG-19 to relu3_1, to compare the style at these depths", "FILE" },
        { "examiner", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &p.shallow_loss_network, NULL, NULL },
        { "bank", 0, 0, G_OPTION_ARG_FILENAME, &p.bank, "Style bank made by the command bank", "FILE" },
        { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &p.recipe, "Recipe in JSON", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &p.output,
          "Weights to write; FILE.checkpoint is continued where there is one", "FILE" },
        { "start", 0, 0, G_OPTION_ARG_FILENAME, &p.start, "Weights to begin from instead of random ones", "FILE" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &p.threads, "Threads (default: one per processor)", "N" },
        { "until", 0, 0, G_OPTION_ARG_INT, &p.until, "Stop after this step", "STEP" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "photos", "encoder", "loss-network", "bank", "recipe", "output", NULL };

    if (!parse("generator: train the generator", entries, required, arguments, error)) {
        return FALSE;
    }
    signal(SIGINT, ask_to_stop);
    signal(SIGTERM, ask_to_stop);
    return pst_pretraining_run(&p, &stop, error);
}

static gboolean make_bank(char **arguments, GError **error)
{
    static char *paintings, *encoder_path, *loss_network_path, *shallow_path, *output;
    static int threads, parts = 4, seed = 3;
    static const GOptionEntry entries[] = {
        { "paintings", 0, 0, G_OPTION_ARG_FILENAME, &paintings, "Folder of paintings", "DIR" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder_path, "Weights of the encoder", "FILE" },
        { "loss-network", 0, 0, G_OPTION_ARG_FILENAME, &loss_network_path,
          "Weights of the loss network; may be the encoder's", "FILE" },
        { "judge", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &loss_network_path, NULL, NULL },
        { "shallow-loss-network", 0, 0, G_OPTION_ARG_FILENAME, &shallow_path,
          "Weights of VGG-19 to relu3_1, for trainings with it", "FILE" },
        { "examiner", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &shallow_path, NULL, NULL },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Style bank to write", "FILE" },
        { "windows", 0, 0, G_OPTION_ARG_INT, &parts, "Styles of each painting (default: 4)", "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Seed that parts are chosen by (default: 3)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (default: one per processor)", "N" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "paintings", "encoder", "loss-network", "output", NULL };
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstLossNetwork) encoder = NULL;
    g_autoptr(PstLossNetwork) loss_network = NULL;
    g_autoptr(PstLossNetwork) shallow_loss_network = NULL;
    g_autoptr(PstCorpus) corpus = NULL;
    g_autoptr(PstStyleBank) bank = NULL;

    if (!parse("bank: reduce paintings to a bank of styles", entries, required, arguments, error) ||
        !(encoder = pst_loss_network_read(encoder_path, error)) ||
        !(loss_network = pst_loss_network_read(loss_network_path, error)) ||
        (shallow_path && !(shallow_loss_network = pst_shallow_loss_network_read(shallow_path, error)))) {
        return FALSE;
    }
    pool = pst_thread_pool_new(threads);
    corpus = pst_corpus_read(paintings, pool, error);
    if (!corpus) {
        return FALSE;
    }
    bank = pst_style_bank_new(corpus, encoder, loss_network, shallow_loss_network, MAX(1, parts), (guint64)seed, pool);
    return pst_style_bank_write(bank, output, error);
}

static gboolean distil(char **arguments, GError **error)
{
    static PstDistillation d = PST_DISTILLATION;
    static const GOptionEntry entries[] = {
        { "photos", 0, 0, G_OPTION_ARG_FILENAME, &d.photos, "Folder of photographs", "DIR" },
        { "paintings", 0, 0, G_OPTION_ARG_FILENAME, &d.paintings, "Folder of paintings", "DIR" },
        { "teacher", 0, 0, G_OPTION_ARG_FILENAME, &d.teacher, "Weights of VGG-19 to relu3_1", "FILE" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &d.encoder, "Weights of the encoder", "FILE" },
        { "generator", 0, 0, G_OPTION_ARG_FILENAME, &d.generator, "Weights of the base generator", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &d.output,
          "Network to write; FILE.checkpoint is continued where there is one", "FILE" },
        { "start", 0, 0, G_OPTION_ARG_FILENAME, &d.start, "Network to begin from instead of random weights", "FILE" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &d.steps, "Steps in all (default: 5000)", "N" },
        { "until", 0, 0, G_OPTION_ARG_INT, &d.until, "Stop after this step", "STEP" },
        { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &d.rate, "Learning rate (default: 0.002)", "RATE" },
        { "drift", 0, 0, G_OPTION_ARG_INT, &d.drift, "Steps that generators drift at most (default: 300)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &d.threads, "Threads (default: one per processor)", "N" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "photos", "paintings", "teacher", "encoder", "generator", "output", NULL };

    if (!parse("shallow-loss-network: distil VGG-19 to relu3_1", entries, required, arguments, error)) {
        return FALSE;
    }
    signal(SIGINT, ask_to_stop);
    signal(SIGTERM, ask_to_stop);
    return pst_distillation_run(&d, &stop, error);
}

/* What to do about errors of pretraining, or NULL. */
static const char *advice(const GError *error)
{
    return error->domain == PST_CHECKPOINT_ERROR        ? "move it away to begin anew"
           : error->domain == PST_TRAINING_RECIPE_ERROR ? "correct the recipe"
                                                        : pst_advice(error);
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        gboolean (*run)(char **arguments, GError **error);
    } commands[] = {
        { "generator", train },
        { "bank", make_bank },
        { "shallow-loss-network", distil },
        { "examiner", distil },
    };
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) copy = g_strdupv(arguments + MIN(1, count));
    const char *what;

    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (count < 2 || !g_str_equal(arguments[1], commands[i].name)) {
            continue;
        }
        if (commands[i].run(copy, &error)) {
            return 0;
        }
        what = advice(error);
        fprintf(stderr, "pastiche-pretrain: %s%s%s\n", error->message, what ? "; " : "", what ? what : "");
        return 1;
    }
    printf("Usage: pastiche-pretrain generator|bank|shallow-loss-network OPTIONS; each lists its options by --help\n");
    return count > 1 && g_str_equal(arguments[1], "--help") ? 0 : 2;
}
