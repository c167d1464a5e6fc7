#include "safetensors_sample.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tests/folder.h"

/* PST_TEST_TWIN is the folder of the Python module that writes the same files. */
#define PYTHON "/usr/bin/python3"

static char *folder; /* temporary */

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void assert_sample(const PstTensors *tensors)
{
    static const char *const names[] = { "Z", "a.weight", "b.weight", "empty", "scale", "thumbnail", "\xc3\xa9", NULL };
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(pst_tensors_count(tensors), ==, 7);
    for (guint i = 0; i < 7; i++) {
        const PstTensor *tensor = pst_tensors_at(tensors, i);
        g_assert_cmpstr(tensor->name, ==, names[i]);
        g_assert_true(pst_tensors_find(tensors, names[i]) == tensor);
        g_assert_true((tensor->floats == NULL) == (tensor->type == PST_TENSOR_U8));
        g_assert_true((tensor->bytes == NULL) == (tensor->type != PST_TENSOR_U8));
        g_assert_cmpuint((guintptr)tensor->floats % 64, ==, 0);
    }
    g_assert_true(pst_tensors_check_names(tensors, names, &error));
    for (int w = 0; w < 2; w++) {
        const char *name = w ? "b.weight" : "a.weight";
        const float *weights = pst_tensors_get(tensors, name, sample_weight_shape, 4, &error);
        g_assert_no_error(error);
        for (int i = 0; i < 18; i++) {
            g_assert_cmpfloat(weights[i], ==, sample_weight_at(i));
        }
    }
    g_assert_cmpint(pst_tensors_find(tensors, "b.weight")->type, ==, PST_TENSOR_F16);
    const float *value = pst_tensors_get(tensors, "scale", NULL, 0, &error);
    g_assert_cmpfloat(*value, ==, sample_scale);
    g_assert_nonnull(pst_tensors_get(tensors, "empty", sample_empty_shape, 2, &error));
    const int any[] = { PST_TENSORS_ANY, PST_TENSORS_ANY, 3 };
    const guint8 *thumbnail = pst_tensors_get_bytes(tensors, "thumbnail", any, 3, &error);
    g_assert_no_error(error);
    for (int i = 0; i < 18; i++) {
        g_assert_cmpuint(thumbnail[i], ==, i * 15);
    }
    g_assert_cmpint(pst_tensors_find(tensors, "thumbnail")->shape[1], ==, 3);
    g_assert_cmpstr(pst_tensors_metadata(tensors, "name"), ==, "Sk\xc3\xadzza \"1\"\n\\ \xf0\x9f\x8e\xa8");
    g_assert_cmpstr(pst_tensors_metadata(tensors, "author"), ==, "Anonymous");
    g_assert_null(pst_tensors_metadata(tensors, "recipe"));
    g_assert_null(pst_tensors_find(tensors, "__metadata__"));
}

static void test_round_trip(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = sample_bytes();
    g_autoptr(GBytes) again = sample_bytes();
    g_assert_true(g_bytes_equal(bytes, again));
    g_autoptr(PstTensors) from_bytes = pst_tensors_from_bytes(bytes, "resource", NULL, &error);
    g_assert_no_error(error);
    assert_sample(from_bytes);

    g_autofree char *path = in_folder("sample.safetensors");
    g_autoptr(PstTensorsWriter) writer = sample_writer();
    g_assert_true(pst_tensors_writer_save(writer, path, &error));
    g_assert_true(pst_tensors_writer_save(writer, path, &error)); /* over itself */
    g_autoptr(PstTensors) tensors = pst_tensors_read(path, NULL, &error);
    g_assert_no_error(error);
    assert_sample(tensors);
    g_autofree char *contents = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &contents, &size, NULL));
    g_assert_cmpmem(contents, size, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void test_layout(void)
{
    const float values[] = { 1.0f, -2.0f };
    const int two = 2;
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    pst_tensors_writer_add(writer, "b", PST_TENSOR_F32, values, &two, 1);
    pst_tensors_writer_add(writer, "a", PST_TENSOR_F16, values, &two, 1);
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, "layout", NULL);
    const char header[] = "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                          "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}    ";
    const guint8 data[] = { 0x00, 0x3c, 0x00, 0xc0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0 };
    g_assert_cmpuint(strlen(header) % 8, ==, 0);
    g_autoptr(GBytes) expected = assemble(header, data, sizeof data);
    g_assert_true(g_bytes_equal(bytes, expected));
}

static void test_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensorsWriter) writer = pst_tensors_writer_new();
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, "nothing", &error);
    g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, "nothing", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(pst_tensors_count(tensors), ==, 0);
    g_assert_null(pst_tensors_find(tensors, "a"));
    g_assert_null(pst_tensors_metadata(tensors, "a"));
}

/* ---- The Python twin ---- */

static gboolean run_python(const char *script, const char *in, const char *out)
{
    const char *argv[] = { PYTHON, "-B", "-c", script, PST_TEST_TWIN, in, out, NULL };
    g_autofree char *complaint = NULL;
    int status = -1;
    gboolean ran = g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &complaint,
                                &status, NULL);
    if (ran && status != 0 && complaint && *complaint) {
        g_test_message("%s", complaint);
    }
    return ran && status == 0;
}

static void test_python(void)
{
    if (!run_python("import numpy", "", "")) {
        g_test_skip("no " PYTHON " with numpy");
        return;
    }
    g_autofree char *ours = in_folder("ours.safetensors");
    g_autofree char *theirs = in_folder("theirs.safetensors");
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensorsWriter) writer = sample_writer();
    pst_tensors_writer_add_bytes(writer, "nobody", NULL, (const int[]){ 3, 0 }, 2);
    /* numpy's rounding to halves is checked against ours over a spread of magnitudes. */
    float spread[4000];
    for (int i = 0; i < 4000; i++) {
        spread[i] = (i & 1 ? -1.0f : 1.0f) * exp2f((float)i / 100.0f - 26.0f) * 1.7f;
    }
    pst_tensors_writer_add(writer, "spread32", PST_TENSOR_F32, spread, (const int[]){ 4000 }, 1);
    pst_tensors_writer_add(writer, "spread16", PST_TENSOR_F16, spread, (const int[]){ 4000 }, 1);
    g_assert_true(pst_tensors_writer_save(writer, ours, &error));

    /* The twin must see the same values, and write them again as the same bytes. (It writes single
     * values as arrays of one, as np.ascontiguousarray makes them; here they keep their shape.) */
    g_assert_true(run_python("import sys\n"
                             "sys.path.insert(0, sys.argv[1])\n"
                             "import numpy as np, safetensors\n"
                             "arrays, metadata = safetensors.load(sys.argv[2])\n"
                             "w = ((np.arange(18) - 9) / 8).reshape(2, 1, 3, 3)\n"
                             "assert np.array_equal(arrays['a.weight'], w)\n"
                             "assert np.array_equal(arrays['b.weight'], w)\n"
                             "assert arrays['b.weight'].dtype == np.float16\n"
                             "assert arrays['thumbnail'].dtype == np.uint8\n"
                             "assert arrays['empty'].shape == (0, 5)\n"
                             "assert metadata['author'] == 'Anonymous'\n"
                             "half = arrays['spread32'].astype(np.float16)\n"
                             "assert np.array_equal(half, arrays['spread16'])\n"
                             "keep = np.ascontiguousarray\n"
                             "np.ascontiguousarray = lambda a: keep(a).reshape(a.shape)\n"
                             "safetensors.save(sys.argv[3], arrays, metadata)\n",
                             ours, theirs));
    g_autofree char *a = NULL;
    g_autofree char *b = NULL;
    gsize a_size, b_size;
    g_assert_true(g_file_get_contents(ours, &a, &a_size, NULL));
    g_assert_true(g_file_get_contents(theirs, &b, &b_size, NULL));
    g_assert_cmpmem(a, a_size, b, b_size);

    /* And a file that only the twin made. */
    g_assert_true(run_python("import sys\n"
                             "sys.path.insert(0, sys.argv[1])\n"
                             "import numpy as np, safetensors\n"
                             "safetensors.save(sys.argv[3], {'w': np.arange(6.0).reshape(2, 3),\n"
                             "    'h': np.float16([[0.5]]), 'u': np.uint8([7])}, {'epoch': 3})\n",
                             "", theirs));
    g_autoptr(PstTensors) tensors = pst_tensors_read(theirs, NULL, &error);
    g_assert_no_error(error);
    const float *w = pst_tensors_get(tensors, "w", (const int[]){ 2, 3 }, 2, &error);
    const float *h = pst_tensors_get(tensors, "h", (const int[]){ 1, 1 }, 2, &error);
    const guint8 *u = pst_tensors_get_bytes(tensors, "u", (const int[]){ 1 }, 1, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(w[5], ==, 5.0f);
    g_assert_cmpfloat(h[0], ==, 0.5f);
    g_assert_cmpuint(u[0], ==, 7);
    g_assert_cmpstr(pst_tensors_metadata(tensors, "epoch"), ==, "3");
}

/* ---- Asking for what is not there ---- */

static void test_mismatch(void)
{
    g_autoptr(GBytes) bytes = sample_bytes();
    g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, "sample", NULL, NULL);
    const struct {
        const char *name;
        int shape[4];
        int dims;
        const char *reason;
    } wanted[] = {
        { "c.weight", { 1 }, 1, "lacks the tensor 'c.weight'" },
        { "", { 1 }, 1, "lacks the tensor ''" },
        { "thumbnail", { 2, 3, 3 }, 3, "'thumbnail' is U8, not F32 or F16" },
        { "a.weight", { 2, 1, 3, 4 }, 4, "'a.weight' has shape [2, 1, 3, 3], not [2, 1, 3, 4]" },
        { "a.weight", { 2, PST_TENSORS_ANY, 3 }, 3, "[2, 1, 3, 3], not [2, any, 3]" },
        { "scale", { 1 }, 1, "'scale' has shape [], not [1]" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(pst_tensors_get(tensors, wanted[i].name, wanted[i].shape, wanted[i].dims, &error));
        g_assert_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_MISMATCH);
        assert_one_line(error, "sample: ");
        g_assert_nonnull(strstr(error->message, wanted[i].reason));
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(pst_tensors_get_bytes(tensors, "scale", NULL, 0, &error));
    assert_one_line(error, "sample: 'scale' is F32, not U8");

    const char *const known[] = { "Z", "a.weight", "b.weight", "thumbnail", "scale", NULL };
    g_autoptr(GError) unknown = NULL;
    g_assert_false(pst_tensors_check_names(tensors, known, &unknown));
    assert_one_line(unknown, "sample: has an unknown tensor 'empty'");
}

/* ---- Files ---- */

static void assert_path_refused(const char *path, int code, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(pst_tensors_read(path, NULL, &error));
    g_autofree char *name = g_filename_display_basename(path);
    assert_one_line(error, "/");
    g_assert_cmpint(error->code, ==, code);
    g_assert_nonnull(strstr(error->message, reason));
    if (!strchr(name, '\n')) {
        g_assert_nonnull(strstr(error->message, name));
    }
}

static void test_files(void)
{
    g_autofree char *missing = in_folder("missing.safetensors");
    assert_path_refused(missing, PST_TENSORS_ERROR_READ, "cannot be opened");
    g_autofree char *strange = in_folder("line\nbreak \xff.safetensors");
    assert_path_refused(strange, PST_TENSORS_ERROR_READ, "line?break");
    assert_path_refused(folder, PST_TENSORS_ERROR_READ, "not a regular file");
    g_autofree char *fifo = in_folder("fifo.safetensors");
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    assert_path_refused(fifo, PST_TENSORS_ERROR_READ, "not a regular file");
    assert_path_refused("/dev/zero", PST_TENSORS_ERROR_READ, "not a regular file");

    g_autofree char *path = in_folder("large.safetensors");
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    assert_path_refused(path, PST_TENSORS_ERROR_DAMAGED, "cut short");
    g_assert_cmpint(truncate(path, (off_t)1 << 40), ==, 0); /* sparse: takes no room */
    assert_path_refused(path, PST_TENSORS_ERROR_LIMIT, "over the limit of 268435456 bytes");
    g_unlink(path);

    /* The caller's own limit, to the byte. */
    g_autoptr(GBytes) bytes = sample_bytes();
    PstTensorsLimits limits = { .file_bytes = g_bytes_get_size(bytes) };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, "sample", &limits, &error);
    g_assert_no_error(error);
    g_assert_nonnull(tensors);
    limits.file_bytes--;
    g_assert_null(pst_tensors_from_bytes(bytes, "sample", &limits, &error));
    g_assert_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_LIMIT);
}

static void assert_not_writable(PstTensorsWriter *writer, int code, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(pst_tensors_writer_to_bytes(writer, "new", &error));
    assert_one_line(error, "new: ");
    g_assert_cmpint(error->code, ==, code);
    g_assert_nonnull(strstr(error->message, reason));
    pst_tensors_writer_free(writer);
}

static void test_writer_refuses(void)
{
    const struct {
        const char *name;
        PstTensorType type;
        float value;
        int shape[1];
        int dims;
        const char *reason;
    } cases[] = {
        { "a", PST_TENSOR_F32, NAN, { 1 }, 1, "'a' holds a value that is not finite" },
        { "a", PST_TENSOR_F32, -INFINITY, { 1 }, 1, "not finite" },
        { "a", PST_TENSOR_F16, NAN, { 1 }, 1, "not finite" },
        { "a", PST_TENSOR_F16, 65520.0f, { 1 }, 1, "too large for F16" },
        { "", PST_TENSOR_F32, 0, { 1 }, 1, "name of a tensor is empty" },
        { "a\tb", PST_TENSOR_F32, 0, { 1 }, 1, "unprintable" },
        { "\xff", PST_TENSOR_F32, 0, { 1 }, 1, "not valid UTF-8" },
        { "__metadata__", PST_TENSOR_F32, 0, { 1 }, 1, "no tensor can be named" },
        { "a", PST_TENSOR_F32, 0, { -1 }, 1, "impossible shape" },
        { "a", PST_TENSOR_F32, 0, { G_MAXINT }, 1, "impossible shape" },
        { "a", PST_TENSOR_F32, 0, { 1 }, 9, "impossible shape" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PstTensorsWriter *writer = pst_tensors_writer_new();
        pst_tensors_writer_add(writer, cases[i].name, cases[i].type, &cases[i].value, cases[i].shape, cases[i].dims);
        pst_tensors_writer_add(writer, "sound", PST_TENSOR_F32, &sample_scale, NULL, 0);
        assert_not_writable(writer, PST_TENSORS_ERROR_VALUE, cases[i].reason);
    }
    PstTensorsWriter *writer = pst_tensors_writer_new();
    pst_tensors_writer_add(writer, "twin", PST_TENSOR_F32, &sample_scale, NULL, 0);
    pst_tensors_writer_add(writer, "twin", PST_TENSOR_F16, &sample_scale, NULL, 0);
    assert_not_writable(writer, PST_TENSORS_ERROR_VALUE, "two tensors named 'twin'");
    writer = pst_tensors_writer_new();
    pst_tensors_writer_set_metadata(writer, "k", "\xc3\x28");
    assert_not_writable(writer, PST_TENSORS_ERROR_VALUE, "not valid UTF-8");
    writer = pst_tensors_writer_new();
    g_autofree char *text = repeat("text", PST_TENSORS_MAX_HEADER / 4);
    pst_tensors_writer_set_metadata(writer, "k", text);
    assert_not_writable(writer, PST_TENSORS_ERROR_LIMIT, "over 1 MiB");
}

static guint files_in_folder(void)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir)) {
        count++;
    }
    g_dir_close(dir);
    return count;
}

static void assert_save_fails(const char *path)
{
    g_autoptr(PstTensorsWriter) writer = sample_writer();
    g_autoptr(GError) error = NULL;
    g_assert_false(pst_tensors_writer_save(writer, path, &error));
    g_assert_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_WRITE);
    assert_one_line(error, path);
}

static void test_failed_save(void)
{
    const char *old = "the old file";
    g_autofree char *path = in_folder("kept.safetensors");
    g_assert_true(g_file_set_contents(path, old, -1, NULL));
    guint before = files_in_folder();

    /* A limit on file sizes stands in for a full disk: the write itself fails, for root too. */
    struct rlimit limit;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    struct rlimit small = { .rlim_cur = 100, .rlim_max = limit.rlim_max };
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    assert_save_fails(path);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    signal(SIGXFSZ, handler);

    /* A value that cannot be written never reaches the disk. */
    const float infinity = INFINITY;
    g_autoptr(PstTensorsWriter) writer = sample_writer();
    g_autoptr(GError) error = NULL;
    pst_tensors_writer_add(writer, "bad", PST_TENSOR_F32, &infinity, NULL, 0);
    g_assert_false(pst_tensors_writer_save(writer, path, &error));
    g_assert_error(error, PST_TENSORS_ERROR, PST_TENSORS_ERROR_VALUE);

    g_autofree char *contents = NULL;
    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    g_assert_cmpstr(contents, ==, old);
    g_assert_cmpuint(files_in_folder(), ==, before); /* no temporary file is left behind */

    g_autofree char *nowhere = in_folder("no-such-folder/a.safetensors");
    assert_save_fails(nowhere);
    g_autofree char *blocked = in_folder("a-folder");
    g_assert_cmpint(g_mkdir(blocked, 0700), ==, 0);
    assert_save_fails(blocked);
    g_rmdir(blocked);
    g_assert_cmpuint(files_in_folder(), ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-safetensors-XXXXXX", NULL);
    g_test_add_func("/safetensors/round-trip", test_round_trip);
    g_test_add_func("/safetensors/layout", test_layout);
    g_test_add_func("/safetensors/nothing", test_nothing);
    g_test_add_func("/safetensors/python", test_python);
    g_test_add_func("/safetensors/mismatch", test_mismatch);
    g_test_add_func("/safetensors/files", test_files);
    g_test_add_func("/safetensors/writer-refuses", test_writer_refuses);
    g_test_add_func("/safetensors/failed-save", test_failed_save);
    int status = g_test_run();
    folder_remove(folder);
    g_free(folder);
    return status;
}
