/* Files: appearing whole or not at all, names, permissions, refusals, cancelling. */
#include "sample.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

static PstPicture *noisy_picture(int width, int height)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    PstPicture *picture = pst_picture_new(width, height, FALSE, NULL);
    for (int i = 0; i < width * height * 3; i++)
        picture->rgb[i] = (float)g_rand_double(random);
    return picture;
}

static char *write_picture(const PstPicture *picture, const char *folder, const char *name, PstConflict conflict,
                           GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    PstWriteOptions options = { .conflict = conflict };
    char *written = NULL;
    gboolean done = pst_picture_write(picture, path, &options, &written, NULL, error);
    g_assert_true(done == (written != NULL));
    return written;
}

static void assert_name(const char *path, const char *name)
{
    g_autofree char *base = g_path_get_basename(path);
    g_assert_cmpstr(base, ==, name);
}

static void put_text(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void assert_text(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *contents = NULL;
    g_assert_true(g_file_get_contents(path, &contents, NULL, NULL));
    g_assert_cmpstr(contents, ==, text);
}

static void test_conflicts(void)
{
    char *folder = sample_folder();
    g_autoptr(PstPicture) picture = noisy_picture(8, 8);
    GError *error = NULL;
    static const char *const names[] = { "a.png", "a-2.png", "a-3.png" };
    for (int i = 0; i < 3; i++) {
        g_autofree char *path = g_build_filename(folder, "a.png", NULL);
        g_autofree char *foretold = pst_output_resolve(path, PST_CONFLICT_UNIQUE, NULL);
        g_autofree char *written = write_picture(picture, folder, "a.png", PST_CONFLICT_UNIQUE, &error);
        g_assert_no_error(error);
        assert_name(written, names[i]);
        g_assert_cmpstr(written, ==, foretold);
    }
    put_text(folder, "b.png", "old");
    g_assert_null(write_picture(picture, folder, "b.png", PST_CONFLICT_SKIP, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS);
    g_clear_error(&error);
    assert_text(folder, "b.png", "old");
    g_autofree char *over = write_picture(picture, folder, "b.png", PST_CONFLICT_OVERWRITE, &error);
    g_assert_no_error(error);
    assert_name(over, "b.png");
    g_autoptr(PstPicture) back = pst_picture_read(over, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(back->width, ==, 8);
    g_assert_cmpint(sample_folder_count(folder), ==, 4);
    sample_folder_remove(folder);
}

/* A file that comes into being between opening and committing is not replaced. */
static void test_late_rival(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "c.png", NULL);
    g_autoptr(PstOutput) unique = pst_output_open(path, PST_CONFLICT_UNIQUE, NULL);
    g_autoptr(PstOutput) skip = pst_output_open(path, PST_CONFLICT_SKIP, NULL);
    g_assert_true(pst_output_write(unique, "mine", 4, NULL));
    g_assert_true(pst_output_write(skip, "other", 5, NULL));
    put_text(folder, "c.png", "rival");
    GError *error = NULL;
    g_autofree char *written = pst_output_commit(unique, &error);
    g_assert_no_error(error);
    assert_name(written, "c-2.png");
    g_assert_null(pst_output_commit(skip, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_EXISTS);
    g_clear_error(&error);
    g_clear_pointer(&skip, pst_output_free);
    assert_text(folder, "c.png", "rival");
    assert_text(folder, "c-2.png", "mine");
    g_assert_cmpint(sample_folder_count(folder), ==, 2);
    sample_folder_remove(folder);
}

static gpointer write_one(gpointer path)
{
    for (int i = 0; i < 20; i++) {
        g_autoptr(PstOutput) output = pst_output_open(path, PST_CONFLICT_UNIQUE, NULL);
        g_assert_true(pst_output_write(output, "x", 1, NULL));
        g_autofree char *written = pst_output_commit(output, NULL);
        g_assert_nonnull(written);
    }
    return NULL;
}

static void test_rivals_at_once(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "d.png", NULL);
    GThread *threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = g_thread_new("writer", write_one, path);
    for (int i = 0; i < 4; i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(sample_folder_count(folder), ==, 80);
    sample_folder_remove(folder);
}

/* No room for the file: the old one stays, and nothing else does. */
static void test_full(void)
{
    char *folder = sample_folder();
    put_text(folder, "e.png", "old");
    put_text(folder, "e.jpg", "old");
    g_autoptr(PstPicture) picture = noisy_picture(300, 300);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 10000;
    GError *png_error = NULL, *jpeg_error = NULL;
    setrlimit(RLIMIT_FSIZE, &small);
    char *png = write_picture(picture, folder, "e.png", PST_CONFLICT_OVERWRITE, &png_error);
    char *jpeg = write_picture(picture, folder, "e.jpg", PST_CONFLICT_OVERWRITE, &jpeg_error);
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, handler);
    g_assert_null(png);
    g_assert_null(jpeg);
    g_assert_error(png_error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_NO_SPACE);
    g_assert_error(jpeg_error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_NO_SPACE);
    g_assert_null(strchr(png_error->message, '\n'));
    g_error_free(png_error);
    g_error_free(jpeg_error);
    assert_text(folder, "e.png", "old");
    assert_text(folder, "e.jpg", "old");
    g_assert_cmpint(sample_folder_count(folder), ==, 2);
    sample_folder_remove(folder);
}

static int mode_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat info;
    g_assert_cmpint(stat(path, &info), ==, 0);
    return info.st_mode & 0777;
}

static void test_modes_and_links(void)
{
    char *folder = sample_folder();
    g_autoptr(PstPicture) picture = noisy_picture(4, 4);
    mode_t mask = umask(027);
    g_free(write_picture(picture, folder, "f.png", PST_CONFLICT_UNIQUE, NULL));
    g_assert_cmpint(mode_of(folder, "f.png"), ==, 0640);
    umask(mask);
    g_autofree char *path = g_build_filename(folder, "f.png", NULL);
    g_chmod(path, 0604);
    g_free(write_picture(picture, folder, "f.png", PST_CONFLICT_OVERWRITE, NULL));
    g_assert_cmpint(mode_of(folder, "f.png"), ==, 0604);

    /* A link's target is replaced, not the link; one that leads nowhere counts as there. */
    g_autofree char *link_path = g_build_filename(folder, "g.png", NULL);
    g_autofree char *stray_path = g_build_filename(folder, "h.png", NULL);
    put_text(folder, "target.png", "old");
    g_assert_cmpint(symlink("target.png", link_path), ==, 0);
    g_assert_cmpint(symlink("nowhere.png", stray_path), ==, 0);
    g_autofree char *over = write_picture(picture, folder, "g.png", PST_CONFLICT_OVERWRITE, NULL);
    assert_name(over, "g.png");
    g_assert_true(g_file_test(link_path, G_FILE_TEST_IS_SYMLINK));
    g_autofree char *target = g_build_filename(folder, "target.png", NULL);
    g_autoptr(PstPicture) back = pst_picture_read(target, NULL, NULL, NULL);
    g_assert_nonnull(back);
    g_autofree char *beside = write_picture(picture, folder, "h.png", PST_CONFLICT_UNIQUE, NULL);
    assert_name(beside, "h-2.png");
    sample_folder_remove(folder);
}

static void expect_refused_write(const PstPicture *picture, const char *path, PstConflict conflict, int code)
{
    g_autoptr(GError) error = NULL;
    PstWriteOptions options = { .conflict = conflict };
    g_assert_false(pst_picture_write(picture, path, &options, NULL, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, code);
    sample_one_line(error, path);
}

static void test_refused_writes(void)
{
    char *folder = sample_folder();
    g_autoptr(PstPicture) picture = noisy_picture(4, 4);
    g_autofree char *lost = g_build_filename(folder, "no", "such", "x.png", NULL);
    g_autofree char *inside = g_build_filename(folder, "file", "x.png", NULL);
    g_autofree char *no_suffix = g_build_filename(folder, "x.bmp", NULL);
    g_autofree char *only_read = g_build_filename(folder, "x.heic", NULL);
    g_autofree char *directory = g_build_filename(folder, "dir.png", NULL);
    g_autofree char *pipe = g_build_filename(folder, "pipe.png", NULL);
    g_autofree char *long_name = g_strdup_printf("%s/%0300d.png", folder, 0);
    put_text(folder, "file", "text");
    g_mkdir(directory, 0777);
    g_assert_cmpint(mkfifo(pipe, 0666), ==, 0);
    expect_refused_write(picture, lost, PST_CONFLICT_UNIQUE, PST_PICTURE_ERROR_MISSING);
    expect_refused_write(picture, inside, PST_CONFLICT_UNIQUE, PST_PICTURE_ERROR_MISSING);
    expect_refused_write(picture, no_suffix, PST_CONFLICT_UNIQUE, PST_PICTURE_ERROR_FORMAT);
    expect_refused_write(picture, only_read, PST_CONFLICT_UNIQUE, PST_PICTURE_ERROR_FORMAT);
    for (int conflict = 0; conflict < 3; conflict++) {
        expect_refused_write(picture, directory, conflict, PST_PICTURE_ERROR_NOT_A_FILE);
        expect_refused_write(picture, pipe, conflict, PST_PICTURE_ERROR_NOT_A_FILE);
    }
    GError *error = NULL;
    PstWriteOptions options = { 0 };
    g_assert_false(pst_picture_write(picture, long_name, &options, NULL, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_IO);
    g_error_free(error);
    if (geteuid() != 0) {
        g_autofree char *locked = g_build_filename(directory, "x.png", NULL);
        g_chmod(directory, 0500);
        expect_refused_write(picture, locked, PST_CONFLICT_UNIQUE, PST_PICTURE_ERROR_PERMISSION);
    }
    g_assert_cmpint(sample_folder_count(folder), ==, 3);
    sample_folder_remove(folder);
}

static void expect_refused_read(const char *path, const char *shown, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(pst_picture_read(path, NULL, NULL, &error));
    g_assert_error(error, PST_PICTURE_ERROR, code);
    sample_one_line(error, shown);
    g_clear_error(&error);
    g_auto(PstPictureInfo) info = { 0 };
    g_assert_false(pst_picture_probe(path, &info, &error));
    g_assert_error(error, PST_PICTURE_ERROR, code);
}

static void test_refused_reads(void)
{
    char *folder = sample_folder();
    g_autofree char *missing = g_build_filename(folder, "missing.jpg", NULL);
    g_autofree char *empty = g_build_filename(folder, "empty.jpg", NULL);
    g_autofree char *text = g_build_filename(folder, "text.jpg", NULL);
    g_autofree char *odd = g_build_filename(folder, "two\nlines\x1b[31m.jpg", NULL);
    g_autofree char *odd_shown = g_build_filename(folder, "two\\x{a}lines\\x{1b}[31m.jpg", NULL);
    put_text(folder, "empty.jpg", "");
    put_text(folder, "text.jpg", "hello");
    expect_refused_read(missing, missing, PST_PICTURE_ERROR_MISSING);
    expect_refused_read(folder, folder, PST_PICTURE_ERROR_NOT_A_FILE);
    expect_refused_read(empty, empty, PST_PICTURE_ERROR_EMPTY);
    expect_refused_read(text, text, PST_PICTURE_ERROR_FORMAT);
    expect_refused_read(odd, odd_shown, PST_PICTURE_ERROR_MISSING);
    if (geteuid() != 0) {
        g_chmod(text, 0);
        expect_refused_read(text, text, PST_PICTURE_ERROR_PERMISSION);
    }
    sample_folder_remove(folder);
}

/* Brought to the disk or cancelled on the way there, it has no name before the commit. */
static void test_flush(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "f.png", NULL);
    g_autofree char *data = g_malloc0(5000000);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    GError *error = NULL;
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        g_autoptr(PstOutput) output = pst_output_open(path, PST_CONFLICT_OVERWRITE, NULL);
        g_assert_true(pst_output_flush(output, cancellable, NULL));
        g_assert_true(pst_output_write(output, data, 5000000, NULL));
        if (cancelled)
            g_cancellable_cancel(cancellable);
        g_assert_true(pst_output_flush(output, cancellable, &error) == !cancelled);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    g_assert_cmpint(sample_folder_count(folder), ==, 0);
    sample_folder_remove(folder);
}

static gpointer cancel_soon(gpointer cancellable)
{
    g_usleep(30000);
    g_cancellable_cancel(cancellable);
    return NULL;
}

/* Cancelling from another thread takes effect within a few rows, and leaves nothing behind. */
static void test_cancel(void)
{
    char *folder = sample_folder();
    g_autoptr(PstPicture) picture = noisy_picture(3000, 3000);
    g_autofree char *path = g_build_filename(folder, "i.png", NULL);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    PstWriteOptions options = { .depth = 16, .compression = 9 };
    GError *error = NULL;
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new("cancel", cancel_soon, cancellable);
    g_assert_false(pst_picture_write(picture, path, &options, NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    g_thread_join(thread);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    g_assert_cmpint(sample_folder_count(folder), ==, 0);

    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++) {
        options = (PstWriteOptions){ .format = (PstFormat)format, .compression = 1 };
        g_assert_null(pst_picture_write_bytes(picture, &options, cancellable, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_clear_error(&error);
        g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
        g_autoptr(GCancellable) later = g_cancellable_new();
        thread = g_thread_new("cancel", cancel_soon, later);
        g_assert_null(pst_picture_read_bytes(bytes, "i", NULL, later, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_clear_error(&error);
        g_thread_join(thread);
    }
    g_assert_null(pst_picture_resize(picture, 100, 100, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error(&error);
    sample_folder_remove(folder);
}

static void test_pipe(void)
{
    char *folder = sample_folder();
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    g_assert_cmpint(mkfifo(path, 0666), ==, 0);
    g_autoptr(PstPicture) picture = noisy_picture(50, 40);
    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++) {
        PstWriteOptions options = { .format = (PstFormat)format };
        g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
        GThread *thread = sample_feed(path, bytes);
        GError *error = NULL;
        g_autoptr(PstPicture) back = pst_picture_read(path, NULL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(back->width, ==, 50);
        g_thread_join(thread);
    }
    sample_folder_remove(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/files/conflicts", test_conflicts);
    g_test_add_func("/picture/files/late-rival", test_late_rival);
    g_test_add_func("/picture/files/rivals-at-once", test_rivals_at_once);
    g_test_add_func("/picture/files/full", test_full);
    g_test_add_func("/picture/files/modes-and-links", test_modes_and_links);
    g_test_add_func("/picture/files/refused-writes", test_refused_writes);
    g_test_add_func("/picture/files/refused-reads", test_refused_reads);
    g_test_add_func("/picture/files/flush", test_flush);
    g_test_add_func("/picture/files/cancel", test_cancel);
    g_test_add_func("/picture/files/pipe", test_pipe);
    return g_test_run();
}
