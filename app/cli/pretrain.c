/* pastiche-pretrain: makes the base generator and the shallow loss network out of photographs and paintings. */
#include "app/common/advice.h"
#include "engine/pretrain/artworks_making.h"
#include "engine/pretrain/checkpoint.h"
#include "engine/pretrain/distillation.h"
#include "engine/pretrain/pretraining.h"
#include "engine/pretrain/space_training.h"
#include "engine/pretrain/style_bank.h"
#include "engine/pretrain/style_rows.h"
#include "engine/space/familiarity.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

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

static gboolean make_style_rows(char **arguments, GError **error)
{
    static char *pictures, *encoder_path, *output;
    static int threads, parts = 24, recoloured = 6, seed = 5;
    static const GOptionEntry entries[] = {
        { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &pictures, "Folder of artworks", "DIR" },
        { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder_path, "Weights of the encoder", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Style rows to write", "FILE" },
        { "parts", 0, 0, G_OPTION_ARG_INT, &parts, "Rows of parts of each artwork (default: 24)", "N" },
        { "recoloured", 0, 0, G_OPTION_ARG_INT, &recoloured, "Rows of parts in other colours (default: 6)", "N" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Seed that parts are chosen by (default: 5)", "N" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads (default: one per processor)", "N" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "pictures", "encoder", "output", NULL };
    g_autoptr(PstLossNetwork) encoder = NULL;
    g_autoptr(PstThreadPool) pool = NULL;
    g_autoptr(GPtrArray) paths = NULL;
    g_autoptr(PstStyleRows) rows = NULL;

    if (!parse("style-rows: measure the styles of artworks", entries, required, arguments, error) ||
        !(encoder = pst_loss_network_read(encoder_path, error)))
        return FALSE;
    paths = pst_example_list(pictures);
    if (paths->len == 0) {
        g_set_error(error, PST_EXAMPLE_ERROR, PST_EXAMPLE_ERROR_FEW, "%s: no JPEG or PNG pictures", pictures);
        return FALSE;
    }
    pool = pst_thread_pool_new(threads);
    rows = pst_style_rows_new((const char *const *)paths->pdata, (int)paths->len, encoder, CLAMP(parts, 0, 1000),
                              CLAMP(recoloured, 0, 1000), (guint64)seed, pool, error);
    return rows && pst_style_rows_write(rows, output, error);
}

static gboolean train_space(char **arguments, GError **error)
{
    static PstSpaceTraining t = PST_SPACE_TRAINING;
    static char *rows_path, *output;
    static int seed = 1;
    static const GOptionEntry entries[] = {
        { "rows", 0, 0, G_OPTION_ARG_FILENAME, &rows_path, "Style rows made by the command style-rows", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Style space to write", "FILE" },
        { "latent", 0, 0, G_OPTION_ARG_INT, &t.latent, "Numbers of a code (default: 24)", "N" },
        { "hidden", 0, 0, G_OPTION_ARG_INT, &t.hidden, "Width of the hidden layers (default: 256)", "N" },
        { "steps", 0, 0, G_OPTION_ARG_INT, &t.steps, "Steps in all (default: 4000)", "N" },
        { "batch", 0, 0, G_OPTION_ARG_INT, &t.batch, "Rows a step (default: 256)", "N" },
        { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &t.rate, "Learning rate (default: 0.001)", "RATE" },
        { "kl", 0, 0, G_OPTION_ARG_DOUBLE, &t.kl, "Weight of the divergence from the prior (default: 0.1)", "WEIGHT" },
        { "adversary", 0, 0, G_OPTION_ARG_DOUBLE, &t.adversary, "Weight of the adversary; 0: none (default: 0.01)",
          "WEIGHT" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Seed of everything random (default: 1)", "N" },
        { "validate", 0, 0, G_OPTION_ARG_NONE, &t.validate, "Hold a tenth of the training artworks out too", NULL },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "rows", "output", NULL };
    g_autoptr(PstStyleRows) rows = NULL;
    g_autoptr(PstStyleSpace) space = NULL;

    if (!parse("space: train the space of styles", entries, required, arguments, error))
        return FALSE;
    if (t.latent < 1 || t.latent > 256 || t.hidden < 1 || t.hidden > 4096 || t.steps < 1 || t.batch < 1 ||
        t.batch > 65536) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "a number is out of range; see --help");
        return FALSE;
    }
    rows = pst_style_rows_read(rows_path, error);
    if (!rows)
        return FALSE;
    t.seed = (guint64)seed;
    space = pst_space_training_run(&t, rows);
    return pst_style_space_write(space, output, error);
}

static gboolean make_artworks(char **arguments, GError **error)
{
    static char *pictures, *manifest, *rows_path, *space_path, *output;
    static const GOptionEntry entries[] = {
        { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &pictures, "Folder of the artworks that the rows are of", "DIR" },
        { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &manifest, "What is known of them, a table", "FILE" },
        { "rows", 0, 0, G_OPTION_ARG_FILENAME, &rows_path, "Style rows made by the command style-rows", "FILE" },
        { "space", 0, 0, G_OPTION_ARG_FILENAME, &space_path, "Space of styles, to lay out the map by", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Bank of artworks to write", "FILE" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "pictures", "manifest", "rows", "space", "output", NULL };
    g_autoptr(PstStyleRows) rows = NULL;
    g_autoptr(PstStyleSpace) space = NULL;
    g_autoptr(PstArtworks) bank = NULL;

    if (!parse("artworks: make the bank of artworks", entries, required, arguments, error) ||
        !(rows = pst_style_rows_read(rows_path, error)) || !(space = pst_style_space_read(space_path, error)))
        return FALSE;
    bank = pst_artworks_make(pictures, manifest, rows, space, error);
    return bank && pst_artworks_write(bank, output, error);
}

/* Of every five pictures one is held out, one calibrates, and three are fitted to: whole pictures' rows. */
static float *every_fifth(const PstStyleRows *rows, gboolean calibration, int *count)
{
    float *statistics = g_new(float, (gsize)rows->artworks *PST_STYLE_SIZE);

    *count = 0;
    for (int i = 0; i < rows->artworks; i++) {
        if (PST_ARTWORK_IS_HELD_OUT(i) || (i % 5 == 3) != calibration)
            continue;
        memcpy(statistics + (gsize)(*count)++ * PST_STYLE_SIZE,
               rows->style + (gsize)i * pst_style_rows_each(rows) * PST_STYLE_SIZE, PST_STYLE_SIZE * sizeof(float));
    }
    return statistics;
}

static gboolean fit_familiarity(char **arguments, GError **error)
{
    static char *paths[PST_FAMILIAR_KINDS], *output;
    static const GOptionEntry entries[] = {
        { "photographs", 0, 0, G_OPTION_ARG_FILENAME, &paths[PST_FAMILIAR_PHOTOGRAPH], "Style rows of photographs",
          "FILE" },
        { "paintings", 0, 0, G_OPTION_ARG_FILENAME, &paths[PST_FAMILIAR_PAINTING], "Style rows of artworks", "FILE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Familiarity to write", "FILE" },
        G_OPTION_ENTRY_NULL,
    };
    static const char *const required[] = { "photographs", "paintings", "output", NULL };
    PstFamiliarPictures pictures[PST_FAMILIAR_KINDS] = { 0 };
    g_autoptr(PstFamiliarity) familiarity = NULL;
    gboolean sound = parse("familiarity: fit what pictures are like", entries, required, arguments, error);

    for (int k = 0; sound && k < PST_FAMILIAR_KINDS; k++) {
        g_autoptr(PstStyleRows) rows = pst_style_rows_read(paths[k], error);

        sound = rows != NULL;
        if (sound) {
            pictures[k].statistics = every_fifth(rows, FALSE, &pictures[k].count);
            pictures[k].calibration = every_fifth(rows, TRUE, &pictures[k].calibrations);
        }
    }
    if (sound)
        familiarity = pst_familiarity_fit(pictures);
    for (int k = 0; k < PST_FAMILIAR_KINDS; k++) {
        g_free((float *)pictures[k].statistics);
        g_free((float *)pictures[k].calibration);
    }
    return sound && pst_familiarity_write(familiarity, output, error);
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
        { "style-rows", make_style_rows },
        { "space", train_space },
        { "artworks", make_artworks },
        { "familiarity", fit_familiarity },
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
    printf("Usage: pastiche-pretrain generator|bank|shallow-loss-network|style-rows|space|artworks|familiarity OPTIONS;"
           " each lists its options by --help\n");
    return count > 1 && g_str_equal(arguments[1], "--help") ? 0 : 2;
}
