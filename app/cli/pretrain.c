/* pastiche-pretrain: makes the base generator and the shallow loss network out of photographs and paintings. */
#include "engine/pretrain/distillation.h"
#include "engine/pretrain/style_bank.h"
#include "engine/pretrain/training.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t stop;

static void ask_to_stop(int number)
{
    stop = 1;
}

/* Parses `arguments`, whose first is the program's name; says what is wrong with them. */
static gboolean parse(const char *summary, const GOptionEntry *entries, const char *const *required,
                      char **arguments, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    char **rest = arguments;

    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse_strv(context, &rest, error)) {
        return FALSE;
    }
    if (arguments[1]) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "%s: not an option; see --help", arguments[1]);
        return FALSE;
    }
    for (; *required; required++) {
        for (const GOptionEntry *e = entries; e->long_name; e++) {
            if (g_str_equal(e->long_name, *required) && !*(char **)e->arg_data) {
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            "--%s: is missing; see --help", *required);
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean train(char **arguments, GError **error)
{
    static char *photos, *encoder, *loss_network, *shallow, *bank, *recipe, *output, *start;
    static int threads, until;
    static const GOptionEntry entries[] = {
        { "photos", 0, 0, G_OPTION_ARG_FILENAME, &photos, "Folder of photographs", "DIR" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder, "Weights of the encoder", "FILE" },
        { "judge", 0, 0, G_OPTION_ARG_FILENAME, &loss_network,
          "Weights of the network that losses look through; may be the encoder's", "FILE" },
        { "examiner", 0, 0, G_OPTION_ARG_FILENAME, &shallow,
          "Weights of VGG-19 to relu3_1: the style loss of these depths looks through it", "FILE" },
        { "bank", 0, 0, G_OPTION_ARG_FILENAME, &bank, "Style bank made by the command bank",
          "FILE" },
        { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &recipe, "Recipe in JSON", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
          "Weights to write; FILE.checkpoint is continued where there is one", "FILE" },
        { "start", 0, 0, G_OPTION_ARG_FILENAME, &start,
          "Weights to begin from instead of random ones", "FILE" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (default: one per processor)",
          "N" },
        { "until", 0, 0, G_OPTION_ARG_INT, &until, "Stop after this step", "STEP" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "photos", "encoder", "judge", "bank",
                                            "recipe", "output",  NULL };
    PstPretraining training;

    if (!parse("generator: train the generator", entries, required, arguments, error)) {
        return FALSE;
    }
    training = (PstPretraining){
        .photos = photos,
        .encoder = encoder,
        .loss_network = loss_network,
        .shallow = shallow,
        .bank = bank,
        .recipe = recipe,
        .output = output,
        .start = start,
        .threads = threads,
        .until = until,
    };
    signal(SIGINT, ask_to_stop);
    signal(SIGTERM, ask_to_stop);
    return pst_pretraining_run(&training, &stop, error);
}

static gboolean make_bank(char **arguments, GError **error)
{
    static char *paintings, *encoder_path, *loss_network_path, *shallow_path, *output;
    static int threads, windows = 4, seed = 3;
    static const GOptionEntry entries[] = {
        { "paintings", 0, 0, G_OPTION_ARG_FILENAME, &paintings, "Folder of paintings", "DIR" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder_path, "Weights of the encoder", "FILE" },
        { "judge", 0, 0, G_OPTION_ARG_FILENAME, &loss_network_path,
          "Weights of the judge; may be the encoder's", "FILE" },
        { "examiner", 0, 0, G_OPTION_ARG_FILENAME, &shallow_path,
          "Weights of VGG-19 to relu3_1, for trainings with it", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Style bank to write", "FILE" },
        { "windows", 0, 0, G_OPTION_ARG_INT, &windows, "Styles of each painting (default: 4)",
          "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Seed of the windows (default: 3)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (default: one per processor)",
          "N" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "paintings", "encoder", "judge", "output", NULL };
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(PstLossNetwork) encoder = NULL;
    g_autoptr(PstLossNetwork) loss_network = NULL;
    g_autoptr(PstLossNetwork) shallow = NULL;
    g_autoptr(PstCorpus) corpus = NULL;
    g_autoptr(PstStyleBank) bank = NULL;

    if (!parse("bank: reduce paintings to a bank of styles", entries, required, arguments, error)) {
        return FALSE;
    }
    encoder = pst_loss_network_read(encoder_path, error);
    loss_network = encoder ? pst_loss_network_read(loss_network_path, error) : NULL;
    if (!loss_network) {
        return FALSE;
    }
    shallow = shallow_path ? pst_shallow_loss_network_read(shallow_path, error) : NULL;
    if (shallow_path && !shallow) {
        return FALSE;
    }
    pool = pst_thread_pool_new(threads);
    corpus = pst_corpus_read(paintings, pool, error);
    if (!corpus) {
        return FALSE;
    }
    bank = pst_style_bank_new(corpus, encoder, loss_network, shallow, MAX(1, windows),
                              (guint64)seed, pool);
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
          "Examiner to write; FILE.checkpoint is continued where there is one", "FILE" },
        { "start", 0, 0, G_OPTION_ARG_FILENAME, &d.start, "Examiner to begin from instead of random weights", "FILE" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &d.steps, "Steps in all (default: 5000)", "N" },
        { "until", 0, 0, G_OPTION_ARG_INT, &d.until, "Stop after this step", "STEP" },
        { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &d.rate, "Learning rate (default: 0.002)", "RATE" },
        { "drift", 0, 0, G_OPTION_ARG_INT, &d.drift, "Steps that generators drift at most (default: 300)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &d.threads, "Threads (default: one per processor)", "N" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "photos", "paintings", "teacher", "encoder", "generator", "output", NULL };

    if (!parse("examiner: teach a network to see what VGG-19 sees", entries, required, arguments, error)) {
        return FALSE;
    }
    signal(SIGINT, ask_to_stop);
    signal(SIGTERM, ask_to_stop);
    return pst_distillation_run(&d, &stop, error);
}

int main(int count, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) copy = g_strdupv(arguments + MIN(1, count));
    gboolean good;

    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    if (count > 1 && g_str_equal(arguments[1], "generator")) {
        good = train(copy, &error);
    } else if (count > 1 && g_str_equal(arguments[1], "bank")) {
        good = make_bank(copy, &error);
    } else if (count > 1 && g_str_equal(arguments[1], "examiner")) {
        good = distil(copy, &error);
    } else {
        printf(
            "Usage: pastiche-pretrain generator|bank|examiner OPTIONS; each tells its options by --help\n");
        return count > 1 && g_str_equal(arguments[1], "--help") ? 0 : 2;
    }
    if (!good) {
        fprintf(stderr, "pastiche-pretrain: %s\n", error->message);
    }
    return good ? 0 : 1;
}
