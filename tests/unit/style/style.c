/* Styles: files, mixing, the library; and plans of paintings. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/network/safetensors_writer.h"
#include "engine/paint/pipeline.h"
#include "engine/paint/plan.h"
#include "engine/network/padding.h"
#include "engine/style/style_library.h"

static char *folder;

static PstStyle *sample(const char *name, float mean, float deviation)
{
    PstStyle *style = pst_style_new(name);

    for (int i = 0; i < PST_STYLE_CHANNELS; i++) {
        style->statistics[i] = mean + i;
        style->statistics[PST_STYLE_CHANNELS + i] = deviation;
    }
    return style;
}

static void test_round_trip(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstStyle) style = sample("Wave – “blue”", 1, 2);
    g_autofree char *path = g_build_filename(folder, "wave.style", NULL);

    style->artist = g_strdup("Hokusai");
    style->year = g_strdup("1831");
    style->thumbnail = g_bytes_new_static("not quite a picture", 19);
    style->correction[7] = -0.5f;
    g_assert_true(pst_style_write(style, path, &error));
    g_assert_no_error(error);
    g_autoptr(PstStyle) read = pst_style_read(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(read->name, ==, style->name);
    g_assert_cmpstr(read->artist, ==, "Hokusai");
    g_assert_cmpstr(read->year, ==, "1831");
    g_assert_null(read->movement);
    g_assert_true(g_bytes_equal(read->thumbnail, style->thumbnail));
    g_assert_cmpmem(read->statistics, sizeof read->statistics, style->statistics, sizeof style->statistics);
    g_assert_cmpmem(read->correction, sizeof read->correction, style->correction, sizeof style->correction);
    g_assert_true(pst_style_is_corrected(read));
}

static void refuse(PstTensorsWriter *writer, const char *because)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "bad.style", NULL);

    g_assert_true(pst_tensors_writer_save(writer, path, &error));
    g_assert_null(pst_style_read(path, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_nonnull(strstr(error->message, because));
    g_assert_null(strchr(error->message, '\n'));
    g_remove(path);
}

static PstTensorsWriter *style_writer(const PstStyle *style, int count)
{
    PstTensorsWriter *writer = pst_tensors_writer_new();

    pst_tensors_writer_set_metadata(writer, "format", "pastiche-style-1");
    pst_tensors_writer_add(writer, "statistics", PST_TENSOR_F32, style->statistics, &count, 1);
    return writer;
}

static void test_refusals(void)
{
    g_autoptr(PstStyle) style = sample("x", 0, 1);
    g_autofree char *long_name = g_strnfill(PST_STYLE_TEXT + 1, 'x');
    float one = 1;

    {
        g_autoptr(PstTensorsWriter) writer = style_writer(style, PST_STYLE_SIZE);
        pst_tensors_writer_set_metadata(writer, "format", "another");
        refuse(writer, "not a style");
    }
    {
        g_autoptr(PstTensorsWriter) writer = style_writer(style, PST_STYLE_SIZE - 1);
        refuse(writer, "statistics");
    }
    {
        g_autoptr(PstTensorsWriter) writer = style_writer(style, PST_STYLE_SIZE);
        pst_tensors_writer_add(writer, "surprise", PST_TENSOR_F32, &one, (int[]){ 1 }, 1);
        refuse(writer, "surprise");
    }
    {
        g_autoptr(PstTensorsWriter) writer = style_writer(style, PST_STYLE_SIZE);
        pst_tensors_writer_set_metadata(writer, "name", long_name);
        refuse(writer, "name");
    }
    style->statistics[PST_STYLE_SIZE - 1] = 0;
    {
        g_autoptr(PstTensorsWriter) writer = style_writer(style, PST_STYLE_SIZE);
        refuse(writer, "deviation");
    }
}

static void test_mix(void)
{
    g_autoptr(PstStyle) a = sample("a", 0, 3);
    g_autoptr(PstStyle) b = sample("b", 8, 5);
    const PstStyle *both[] = { a, b };

    b->correction[5] = 2;
    g_autoptr(PstStyle) mix = pst_style_mix(both, (double[]){ 3, 1 }, 2);
    g_autoptr(PstStyle) alone = pst_style_mix(both, (double[]){ 7, 0 }, 2);

    g_assert_cmpfloat_with_epsilon(mix->statistics[10], 0.75 * 10 + 0.25 * 18, 1e-5);
    g_assert_cmpfloat_with_epsilon(mix->statistics[PST_STYLE_CHANNELS], sqrt(0.75 * 9 + 0.25 * 25), 1e-5);
    g_assert_cmpfloat_with_epsilon(mix->correction[5], 0.25 * 2, 1e-6);
    g_assert_false(pst_style_is_corrected(alone));
    for (int i = 0; i < PST_STYLE_SIZE; i++) {
        g_assert_cmpfloat_with_epsilon(alone->statistics[i], a->statistics[i], 1e-4);
    }
}

/* What is read is what was written; any other text, number or picture is another style. */
static void test_equal(void)
{
    g_autofree char *path = g_build_filename(folder, "equal.style", NULL);
    g_autoptr(PstStyle) style = sample("equal", 1, 2);
    g_autoptr(PstStyle) copy = pst_style_copy(style);
    g_autoptr(PstStyle) read = NULL;

    g_assert_true(pst_style_write(style, path, NULL));
    read = pst_style_read(path, NULL);
    g_remove(path);
    g_assert_true(pst_style_equal(style, copy));
    g_assert_true(pst_style_equal(style, read));
    copy->statistics[PST_STYLE_SIZE - 1] += 1;
    g_assert_false(pst_style_equal(style, copy));
    copy->statistics[PST_STYLE_SIZE - 1] = style->statistics[PST_STYLE_SIZE - 1];
    g_assert_true(pst_style_equal(style, copy));
    copy->correction[0] = 1;
    g_assert_false(pst_style_equal(style, copy));
    copy->correction[0] = 0;
    copy->author = g_strdup("Somebody");
    g_assert_false(pst_style_equal(style, copy));
    g_clear_pointer(&copy->author, g_free);
    g_clear_pointer(&copy->thumbnail, g_bytes_unref);
    copy->thumbnail = g_bytes_new("another", 7);
    g_assert_false(pst_style_equal(style, copy));
    g_assert_false(pst_style_equal(copy, style));
}

static void count_warning(const GError *error, gpointer data)
{
    (*(int *)data)++;
}

static void test_library(void)
{
    static const char *const ids[] = { "great-wave", "great-north", "kiss" };
    g_autofree char *styles = g_build_filename(folder, "styles", NULL);
    g_autoptr(GError) error = NULL;
    int warnings = 0;

    g_mkdir(styles, 0755);
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(PstStyle) style = sample(ids[i], 0, 1);
        g_autofree char *file = g_strconcat(styles, "/", ids[i], ".style", NULL);

        g_free(style->name);
        style->name = g_strdup_printf("The %s", ids[i]);
        g_assert_true(pst_style_write(style, file, &error));
    }
    g_autofree char *broken = g_build_filename(styles, "broken.style", NULL);
    g_assert_true(g_file_set_contents(broken, "nonsense", -1, NULL));
    g_autoptr(GPtrArray) library = pst_style_library_read_folder(styles, count_warning, &warnings);
    g_assert_cmpuint(library->len, ==, 3);
    g_assert_cmpint(warnings, ==, 1);
    g_assert_cmpstr(pst_style_library_find(library, "KISS")->id, ==, "kiss");
    g_assert_cmpstr(pst_style_library_find(library, "The great-wave")->id, ==, "great-wave");
    g_assert_cmpstr(pst_style_library_find(library, "kis")->id, ==, "kiss");
    g_assert_null(pst_style_library_find(library, "great"));
    g_assert_null(pst_style_library_find(library, ""));
    for (guint i = 0; i < library->len; i++) {
        g_remove(((PstStyleEntry *)library->pdata[i])->path);
    }
    g_remove(broken);
    g_rmdir(styles);

    g_autoptr(GPtrArray) nothing = pst_style_library_read_folder("/nowhere/at/all", NULL, NULL);
    g_assert_cmpuint(nothing->len, ==, 0);
}

/* Writes a style into a folder below the test's own; the caller frees its path. */
static char *put_style(const char *below, const char *id)
{
    g_autofree char *file = g_strconcat(id, ".style", NULL), *styles = g_build_filename(folder, below, NULL);
    g_autoptr(PstStyle) style = sample(id, 0, 1);
    char *path = g_build_filename(styles, file, NULL);

    g_assert_cmpint(g_mkdir_with_parents(styles, 0755), ==, 0);
    g_assert_true(pst_style_write(style, path, NULL));
    return path;
}

static guint count_for(const char *first, const char *second)
{
    const char *const ids[] = { first, second, NULL };
    g_autoptr(GPtrArray) library = pst_style_library_read_for(ids, NULL, NULL);

    g_assert_nonnull(pst_style_library_find(library, "mine"));
    return library->len;
}

/* Only what is called for is read of the program's styles, all where something else is; of the user's always all. */
static void test_library_for(void)
{
    g_autofree char *mine = put_style("pastiche/styles", "mine"), *data = g_strdup(g_getenv("PASTICHE_DATA"));
    g_autofree char *kiss = put_style("styles", "kiss"), *wave = put_style("styles", "wave");
    g_autofree char *scream = put_style("styles", "scream");

    g_setenv("PASTICHE_DATA", folder, TRUE);
    g_assert_cmpuint(count_for(NULL, NULL), ==, 1);
    g_assert_cmpuint(count_for("kiss", NULL), ==, 2);
    g_assert_cmpuint(count_for("kiss", "kiss"), ==, 2);
    g_assert_cmpuint(count_for("kiss", "wave"), ==, 3);
    g_assert_cmpuint(count_for("kiss", "kis"), ==, 4);
    g_assert_cmpuint(count_for("../styles/kiss", NULL), ==, 4);
    if (data) {
        g_setenv("PASTICHE_DATA", data, TRUE);
    } else {
        g_unsetenv("PASTICHE_DATA");
    }
    for (char **path = (char *[]){ mine, kiss, wave, scream, NULL }; *path; path++) {
        g_autofree char *styles = g_path_get_dirname(*path);

        g_remove(*path);
        g_rmdir(styles);
    }
}

/* A plan keeps to its budget unless it is the smallest. */
static void test_plan(void)
{
    GRand *rand = g_rand_new_with_seed(5);

    for (int i = 0; i < 200; i++) {
        int width = g_rand_int_range(rand, 1, 20000), height = g_rand_int_range(rand, 1, 20000);
        gsize budget = (gsize)1 << g_rand_int_range(rand, 10, 36);
        const PstPlanTask task = { .width = width,
                                   .height = height,
                                   .read = i % 2,
                                   .written = i % 2,
                                   .threads = 2,
                                   .layers = 1 + i % 3,
                                   .encodings = 1 + i % 2 };
        PstPlan plan = pst_plan(&task, budget);

        g_assert_cmpint(plan.width, ==, pst_padded_side(width));
        g_assert_cmpint(plan.height, ==, pst_padded_side(height));
        g_assert_cmpint(plan.band % PST_BAND_STEP, ==, 0);
        g_assert_true(plan.memory <= budget || (plan.band == PST_BAND_STEP && !plan.keep_features));
    }
    g_rand_free(rand);
}

static void test_canvas(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) picture = pst_picture_new(3, 2, TRUE, &error);
    PstMap canvas = pst_map_new(8, 8, 3);
    static const int columns[] = { 0, 1, 2, 1, 0, 1, 2, 1 }, rows[] = { 0, 1, 0, 1, 0, 1, 0, 1 };

    g_assert_cmpint(pst_padded_side(1), ==, 8);
    g_assert_cmpint(pst_padded_side(8), ==, 8);
    g_assert_cmpint(pst_padded_side(9), ==, 16);
    for (int i = 0; i < 6; i++) {
        picture->rgb[3 * i] = i / 8.0f;
        picture->alpha[i] = i == 5 ? 0.5f : 1;
    }
    pst_padded_fill(picture, 0, &canvas);
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++) {
            int i = rows[y] * 3 + columns[x];
            float expected = i == 5 ? 1 + 0.5f * (5 / 8.0f - 1) : i / 8.0f;

            g_assert_cmpfloat_with_epsilon(pst_map_at(&canvas, y, x)[0], expected, 1e-6);
        }
    }
    pst_map_clear(&canvas);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-style-XXXXXX", NULL);
    g_setenv("XDG_DATA_HOME", folder, TRUE);
    g_test_add_func("/style/round-trip", test_round_trip);
    g_test_add_func("/style/refusals", test_refusals);
    g_test_add_func("/style/mix", test_mix);
    g_test_add_func("/style/equal", test_equal);
    g_test_add_func("/style/library", test_library);
    g_test_add_func("/style/library-for", test_library_for);
    g_test_add_func("/style/bands", test_plan);
    g_test_add_func("/style/canvas", test_canvas);
    int status = g_test_run();
    g_autofree char *wave = g_build_filename(folder, "wave.style", NULL);
    g_autofree char *pastiche = g_build_filename(folder, "pastiche", NULL);
    g_remove(wave);
    g_rmdir(pastiche);
    g_rmdir(folder);
    g_free(folder);
    return status;
}
