/* Short distillations: they learn, and after a stop, on any number of threads, they end with the same bytes. */
#include "synthetic.h"

#include "engine/picture/writer.h"
#include "engine/pretrain/distillation.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define PICTURES 4
#define SIDE     200

static char *folder, *pictures, *teacher, *encoder, *generator;

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void write_inputs(void)
{
    PstGeneratorWeights *weights = synthetic_generator(3000);

    folder = g_dir_make_tmp("pastiche-XXXXXX", NULL);
    pictures = in_folder("pictures");
    teacher = in_folder("teacher.safetensors");
    encoder = in_folder("encoder.safetensors");
    generator = in_folder("generator.safetensors");
    g_assert_cmpint(g_mkdir(pictures, 0700), ==, 0);
    for (int i = 0; i < PICTURES; i++) {
        g_autofree char *name = g_strdup_printf("%s/%d.png", pictures, i);
        PstMap map = synthetic_picture(60 + i, SIDE, SIDE);
        g_autoptr(PstPicture) picture = pst_picture_new(SIDE, SIDE, FALSE, NULL);

        memcpy(picture->rgb, map.data, pst_map_size(&map) * sizeof(float));
        g_assert_true(pst_picture_write(picture, name, NULL, NULL, NULL, NULL));
        pst_map_clear(&map);
    }
    synthetic_network_write(1000, encoder);
    synthetic_shallow_network_write(4000, teacher);
    g_assert_true(pst_generator_weights_write(weights, generator, 0, NULL));
    synthetic_generator_free(weights);
}

static PstDistillation request(const char *output)
{
    return (PstDistillation){ .photos = pictures,
                              .paintings = pictures,
                              .teacher = teacher,
                              .encoder = encoder,
                              .generator = generator,
                              .output = output,
                              .steps = 6,
                              .rate = 1e-3,
                              .patches = 8,
                              .stylised = 2,
                              .adversarial = 4,
                              .generators = 1,
                              .drift = 2,
                              .drifted = 8,
                              .round = 2,
                              .quiet = TRUE };
}

static void distil(const char *output, int until, int threads)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_folder(output);
    PstDistillation d = request(path);
    int stop = 0;

    d.until = until;
    d.threads = threads;
    pst_distillation_run(&d, &stop, &error);
    g_assert_no_error(error);
}

static void assert_same(const char *a, const char *b)
{
    g_autofree char *path_a = in_folder(a), *path_b = in_folder(b), *bytes_a = NULL, *bytes_b = NULL;
    gsize size_a, size_b;

    g_assert_true(g_file_get_contents(path_a, &bytes_a, &size_a, NULL));
    g_assert_true(g_file_get_contents(path_b, &bytes_b, &size_b, NULL));
    g_assert_cmpmem(bytes_a, size_a, bytes_b, size_b);
}

static void test_resume(void)
{
    distil("whole.safetensors", 0, 1);
    distil("parts.safetensors", 2, 2);
    distil("parts.safetensors", 0, 2);
    assert_same("whole.safetensors", "parts.safetensors");
    assert_same("whole.safetensors.checkpoint", "parts.safetensors.checkpoint");
}

/* What comes out is a shallow loss network, and a damaged checkpoint is refused. */
static void test_files(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_folder("whole.safetensors"), *checkpoint = g_strconcat(path, ".checkpoint", NULL);
    g_autoptr(PstLossNetwork) network = pst_shallow_loss_network_read(path, &error);
    PstDistillation d = request(path);
    int stop = 0;

    g_assert_no_error(error);
    g_assert_cmpuint(pst_shallow_loss_network_taps(network), ==, 1 << 3);
    g_assert_true(g_file_set_contents(checkpoint, "nothing", -1, NULL));
    g_assert_false(pst_distillation_run(&d, &stop, &error));
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, checkpoint));
}

int main(int count, char **arguments)
{
    int status;

    g_test_init(&count, &arguments, NULL);
    write_inputs();
    g_test_add_func("/distillation/resume", test_resume);
    g_test_add_func("/distillation/files", test_files);
    status = g_test_run();
    folder_remove(folder);
    return status;
}
