/* Whole trainings of a few steps: stopping, continuing, threads, and what is refused. */
#include "synthetic.h"

#include "engine/picture/writer.h"
#include "engine/pretrain/checkpoint.h"
#include "engine/pretrain/pretraining.h"
#include "engine/pretrain/style_bank.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define PICTURES 6

typedef struct {
    char *folder;
    char *photos, *encoder, *loss_network, *shallow_loss_network, *bank, *recipe;
    gboolean with_shallow;   /* train with the shallow loss network, */
    gboolean with_paintings; /* and with paintings for styles, comparing neighbours */
} Bench;

static const char recipe_text[] =
    "{\"steps\": 20, \"batch\": 3, \"size\": 32, \"smallest_window\": 32, \"largest_window\": 48,"
    " \"painting_size\": %d, \"smallest_painting_window\": 32, \"largest_painting_window\": 64, \"places\": 64,"
    " \"vectors\": 96, \"swap\": 0.5, \"neighbours\": %d, \"coverage\": %d, \"structure4\": 0.2,"
    " \"identity\": 1, \"full_detail\": 2, \"rate\": 0.001, \"final_rate\": 0.0001, \"warm_up\": 3,"
    " \"beta1\": 0.9, \"beta2\": 0.99, \"average\": 0.998, \"style\": 4, \"content\": 1,"
    " \"structure3\": 0.3, \"structure2\": 0.1, \"light\": 0.3, \"calm\": 2, \"grid\": 0.2, \"identity_pixels\": 4,"
    " \"range\": 10,"
    " \"seed\": %d%s}";

static void write_recipe(const Bench *b, int seed, const char *more)
{
    int painting_size = b->with_paintings ? 48 : 0, neighbours = b->with_paintings ? 5 : 0;
    int coverage = b->with_paintings ? 3 : 0;
    g_autofree char *text = g_strdup_printf(recipe_text, painting_size, neighbours, coverage, seed, more);

    g_assert_true(g_file_set_contents(b->recipe, text, -1, NULL));
}

static void write_pictures(const char *folder)
{
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    for (int i = 0; i < PICTURES; i++) {
        g_autofree char *name = g_strdup_printf("%s/%d.png", folder, i);
        PstMap map = synthetic_picture(60 + i, 64 + i, 80 - i);
        g_autoptr(PstPicture) picture = pst_picture_new(map.width, map.height, FALSE, NULL);

        memcpy(picture->rgb, map.data, pst_map_size(&map) * sizeof(float));
        g_assert_true(pst_picture_write(picture, name, NULL, NULL, NULL, NULL));
        pst_map_clear(&map);
    }
}

static void set_up(Bench *b, gconstpointer unused)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(2);
    g_autoptr(PstLossNetwork) encoder = NULL;
    g_autoptr(PstLossNetwork) loss_network = NULL;
    g_autoptr(PstLossNetwork) shallow = NULL;
    g_autoptr(PstCorpus) corpus = NULL;
    g_autoptr(PstStyleBank) bank = NULL;

    b->folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    b->photos = g_build_filename(b->folder, "photos", NULL);
    b->encoder = g_build_filename(b->folder, "encoder.safetensors", NULL);
    b->loss_network = g_build_filename(b->folder, "loss_network.safetensors", NULL);
    b->shallow_loss_network = g_build_filename(b->folder, "shallow_loss_network.safetensors", NULL);
    b->bank = g_build_filename(b->folder, "bank.safetensors", NULL);
    b->recipe = g_build_filename(b->folder, "recipe.json", NULL);
    write_recipe(b, 1, "");
    write_pictures(b->photos);
    synthetic_network_write(1000, b->encoder);
    synthetic_network_write(2000, b->loss_network);
    synthetic_shallow_network_write(4000, b->shallow_loss_network);
    encoder = pst_loss_network_read(b->encoder, NULL);
    loss_network = pst_loss_network_read(b->loss_network, NULL);
    shallow = pst_shallow_loss_network_read(b->shallow_loss_network, NULL);
    corpus = pst_corpus_read(b->photos, pool, NULL);
    bank = pst_style_bank_new(corpus, encoder, loss_network, shallow, 1, 3, pool);
    g_assert_true(pst_style_bank_write(bank, b->bank, NULL));
}

static void tear_down(Bench *b, gconstpointer unused)
{
    folder_remove(b->folder);
    g_free(b->folder);
    g_free(b->photos);
    g_free(b->encoder);
    g_free(b->loss_network);
    g_free(b->shallow_loss_network);
    g_free(b->bank);
    g_free(b->recipe);
}

static gboolean train(const Bench *b, const char *name, int threads, int until, int stop, GError **error)
{
    g_autofree char *output = g_build_filename(b->folder, name, NULL);
    PstPretraining t = {
        .photos = b->photos,
        .paintings = b->with_paintings ? b->photos : NULL,
        .encoder = b->encoder,
        .loss_network = b->loss_network,
        .shallow_loss_network = b->with_shallow ? b->shallow_loss_network : NULL,
        .bank = b->bank,
        .recipe = b->recipe,
        .output = output,
        .threads = threads,
        .until = until,
        .checkpoint_each = 3,
        .quiet = TRUE,
    };

    return pst_pretraining_run(&t, &stop, error);
}

static void train_well(const Bench *b, const char *name, int threads, int until)
{
    g_autoptr(GError) error = NULL;

    train(b, name, threads, until, 0, &error);
    g_assert_no_error(error);
}

static gboolean same(const Bench *b, const char *one, const char *two, const char *suffix)
{
    g_autofree char *a = g_strconcat(b->folder, "/", one, suffix, NULL);
    g_autofree char *c = g_strconcat(b->folder, "/", two, suffix, NULL);
    g_autofree char *a_bytes = NULL, *c_bytes = NULL;
    gsize a_size, c_size;

    g_assert_true(g_file_get_contents(a, &a_bytes, &a_size, NULL));
    g_assert_true(g_file_get_contents(c, &c_bytes, &c_size, NULL));
    return a_size == c_size && memcmp(a_bytes, c_bytes, a_size) == 0;
}

static void assert_same(const Bench *b, const char *one, const char *two)
{
    g_assert_true(same(b, one, two, ""));
    g_assert_true(same(b, one, two, ".checkpoint"));
    g_assert_true(same(b, one, two, ".000006.jpg"));
}

static void test_threads(Bench *b, gconstpointer unused)
{
    train_well(b, "one", 1, 6);
    train_well(b, "two", 2, 6);
    train_well(b, "three", 3, 6);
    assert_same(b, "one", "two");
    assert_same(b, "one", "three");
}

static void test_resume(Bench *b, gconstpointer unused)
{
    g_autofree char *last = g_build_filename(b->folder, "broken.checkpoint", NULL);
    g_autofree char *kept = NULL;
    gsize size;

    train_well(b, "whole", 2, 6);
    train_well(b, "broken", 1, 3);
    g_assert_true(g_file_get_contents(last, &kept, &size, NULL));
    train_well(b, "broken", 2, 5);
    /* killed after step 5: what is left is the checkpoint of step 3 */
    g_assert_true(g_file_set_contents(last, kept, (gssize)size, NULL));
    train_well(b, "broken", 3, 6);
    assert_same(b, "whole", "broken");
}

/* A request to stop before the first step leaves everything as it is. */
static void test_stop(Bench *b, gconstpointer unused)
{
    g_autofree char *output = g_build_filename(b->folder, "stopped", NULL);

    g_assert_true(train(b, "stopped", 1, 6, 1, NULL));
    g_assert_false(g_file_test(output, G_FILE_TEST_EXISTS));
}

static void assert_refused(const Bench *b, const char *reason)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(train(b, "base", 1, 1, 0, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, reason));
    g_assert_null(strchr(error->message, '\n'));
}

static void test_refusals(Bench *b, gconstpointer unused)
{
    train_well(b, "base", 1, 1);
    write_recipe(b, 2, "");
    assert_refused(b, "another recipe");
    write_recipe(b, 1, ", \"colour\": 1");
    assert_refused(b, "unknown key \"colour\"");
    write_recipe(b, 1, ", \"rate\": 0.1");
    assert_refused(b, "duplicate");
    g_assert_true(g_file_set_contents(b->recipe, "{\"steps\": 20}", -1, NULL));
    assert_refused(b, "\"batch\" is missing");
    g_assert_true(g_file_set_contents(b->recipe, "[]", -1, NULL));
    assert_refused(b, "not one JSON object");
    g_remove(b->recipe);
    assert_refused(b, b->recipe);
    write_recipe(b, 1, "");
    synthetic_network_write(2001, b->loss_network);
    assert_refused(b, "another encoder, loss network, shallow loss network or style bank");
    g_remove(b->bank);
    assert_refused(b, b->bank);
}

static void write_bank(const Bench *b, gboolean shallow)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyleBank) bank = pst_style_bank_read(b->bank, shallow, &error);

    g_assert_no_error(error);
    g_assert_true(pst_style_bank_write(bank, b->bank, &error));
}

static void test_shallow_loss_network(Bench *b, gconstpointer unused)
{
    train_well(b, "without", 1, 6);
    b->with_shallow = TRUE;
    train_well(b, "one", 1, 6);
    train_well(b, "two", 2, 3);
    train_well(b, "two", 2, 6);
    assert_same(b, "one", "two");
    train_well(b, "base", 1, 1);
    synthetic_shallow_network_write(4001, b->shallow_loss_network);
    assert_refused(b, "another encoder, loss network, shallow loss network or style bank");
    write_bank(b, FALSE);
    assert_refused(b, "train.exact");
    /* a bank with a shallow loss network's targets does no harm without it */
    b->with_shallow = FALSE;
    train_well(b, "again", 1, 6);
    g_assert_true(same(b, "without", "again", ""));
    g_assert_false(same(b, "without", "one", ""));
}

static void test_neighbours(Bench *b, gconstpointer unused)
{
    train_well(b, "without", 1, 6);
    b->with_paintings = TRUE;
    write_recipe(b, 1, "");
    train_well(b, "one", 1, 6);
    train_well(b, "two", 2, 3);
    train_well(b, "two", 3, 6);
    assert_same(b, "one", "two");
    g_assert_false(same(b, "without", "one", ""));
    b->with_shallow = TRUE;
    train_well(b, "three", 1, 2);
    train_well(b, "four", 3, 2);
    g_assert_true(same(b, "three", "four", ".checkpoint"));
    b->with_paintings = FALSE;
    assert_refused(b, "no folder of paintings");
}

/* The weights file is what the networks' reader expects, and a start for another training. */
static void test_start(Bench *b, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *first = g_build_filename(b->folder, "first", NULL);
    g_autofree char *second = g_build_filename(b->folder, "second", NULL);
    PstPretraining t = {
        .photos = b->photos,
        .encoder = b->encoder,
        .loss_network = b->loss_network,
        .bank = b->bank,
        .recipe = b->recipe,
        .output = second,
        .start = first,
        .threads = 1,
        .until = 1,
        .quiet = TRUE,
    };
    PstGeneratorWeights *a = synthetic_generator(1), *c = synthetic_generator(2);
    const int zero = 0;
    double distance = 0;

    train_well(b, "first", 1, 3);
    g_assert_true(pst_pretraining_run(&t, &zero, &error));
    g_assert_true(pst_generator_weights_read(a, first, &error));
    g_assert_true(pst_generator_weights_read(c, second, &error));
    for (gsize i = 0; i < pst_parameters_size(); i++) {
        distance = MAX(distance, ABS(a->parameters[i] - c->parameters[i]));
    }
    /* one step of Adam moves no weight farther than the rate */
    g_assert_cmpfloat(distance, >, 0);
    g_assert_cmpfloat(distance, <, 1.1e-3);
    synthetic_generator_free(a);
    synthetic_generator_free(c);
}

int main(int count, char **arguments)
{
    g_test_init(&count, &arguments, NULL);
    g_test_add("/training/threads", Bench, NULL, set_up, test_threads, tear_down);
    g_test_add("/training/resume", Bench, NULL, set_up, test_resume, tear_down);
    g_test_add("/training/stop", Bench, NULL, set_up, test_stop, tear_down);
    g_test_add("/training/refusals", Bench, NULL, set_up, test_refusals, tear_down);
    g_test_add("/training/shallow-loss-network", Bench, NULL, set_up, test_shallow_loss_network, tear_down);
    g_test_add("/training/neighbours", Bench, NULL, set_up, test_neighbours, tear_down);
    g_test_add("/training/start", Bench, NULL, set_up, test_start, tear_down);
    return g_test_run();
}
