/* The cache of styles: right, bounded, shared, and never in the way. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/picture/writer.h"
#include "engine/style/calibration.h"
#include "engine/style/style_cache.h"
#include "tests/folder.h"

enum {
    SIDE = 64,
    LITTLE = 12, /* too small for patches and for a calibration, which takes a second: where many are encoded */
};

static PstModel *model;
static PstThreadPool *pool;
static char *folder;        /* of pictures */
static guint64 entry_size;  /* of them all at SIDE, */
static guint64 little_size; /* and at LITTLE */

/* A file with a picture of its own, whose path is the caller's. */
static char *put_picture(const char *name, int kind)
{
    g_autoptr(PstPicture) picture = pst_picture_new(80, 72, FALSE, NULL);
    char *path = g_build_filename(folder, name, NULL);
    PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE };
    GError *error = NULL;

    for (int i = 0; i < 80 * 72 * 3; i++) {
        picture->rgb[i] = 0.5f + 0.5f * sinf(0.01f * (kind + 1) * i);
    }
    g_assert_true(pst_picture_write(picture, path, &options, NULL, NULL, &error));
    g_assert_no_error(error);
    return path;
}

static char *new_cache_folder(void)
{
    static int number;

    return g_strdup_printf("%s/cache-%d", folder, number++);
}

static PstStyle *encode(PstStyleCache *cache, const char *path, int side, gboolean expected)
{
    GError *error = NULL;
    gboolean found;
    PstStyle *style = pst_style_cache_encode(cache, model, pool, path, NULL, side, "name", &found, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpint(found, ==, expected);
    g_assert_cmpstr(style->name, ==, "name");
    return style;
}

static void check(PstStyleCache *cache, const char *path, int side, gboolean expected)
{
    g_autoptr(PstStyle) style = encode(cache, path, side, expected);
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, NULL);
    g_autoptr(PstStyle) fresh = pst_style_from_picture(model, pool, picture, side, "name", NULL, NULL);

    g_assert_cmpmem(style->statistics, sizeof style->statistics, fresh->statistics, sizeof fresh->statistics);
    g_assert_nonnull(fresh->patches);
    g_assert_true(pst_style_patches_equal(style->patches, fresh->patches));
}

static guint count(const char *path, guint64 *bytes)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    guint n = 0;

    *bytes = 0;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        struct stat info;

        if (stat(file, &info) == 0) {
            *bytes += (guint64)info.st_size;
        }
        n++;
    }
    return n;
}

/* By the SHA-256 of its file a picture's patches are found, where it was encoded or kept. */
static void test_patches(void)
{
    g_autofree char *place = new_cache_folder();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, 0);
    g_autofree char *a = put_picture("a.png", 0), *b = put_picture("b.png", 1);
    g_autofree char *bytes = NULL, *hash_a = NULL, *hash_b = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(a, &bytes, &size, NULL));
    hash_a = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, size);
    g_clear_pointer(&bytes, g_free);
    g_assert_true(g_file_get_contents(b, &bytes, &size, NULL));
    hash_b = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, size);
    g_assert_null(pst_style_cache_patches(cache, model, hash_a, SIDE));

    g_autoptr(PstStyle) style = encode(cache, a, SIDE, FALSE);
    g_autoptr(PstStylePatches) found = pst_style_cache_patches(cache, model, hash_a, SIDE);
    g_assert_nonnull(found);
    g_assert_true(pst_style_patches_equal(found, style->patches));
    g_assert_null(pst_style_cache_patches(cache, model, hash_a, SIDE + 8));

    pst_style_cache_keep(cache, model, b, 0, style, NULL);
    g_autoptr(PstStylePatches) kept = pst_style_cache_patches(cache, model, hash_b, PST_STYLE_SIDE);
    g_assert_true(pst_style_patches_equal(kept, style->patches));
    g_unlink(b);
    pst_style_cache_keep(cache, model, b, 0, style, NULL); /* is gone: nothing is kept, and nothing lost */
}

static void measure_entry(void)
{
    g_autofree char *place = new_cache_folder();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, 0);
    g_autofree char *a = put_picture("a.png", 0);

    check(cache, a, SIDE, FALSE);
    g_assert_cmpuint(count(place, &entry_size), ==, 1);
    pst_style_free(encode(cache, a, LITTLE, FALSE));
    g_assert_cmpuint(count(place, &little_size), ==, 2);
    little_size -= entry_size;
}

/* Stripes, which get a correction. */
static char *put_stripes(void)
{
    g_autoptr(PstPicture) picture = pst_picture_new(256, 256, FALSE, NULL);
    char *path = g_build_filename(folder, "stripes.png", NULL);
    PstWriteOptions options = { .conflict = PST_CONFLICT_OVERWRITE };

    for (int i = 0; i < 256 * 256; i++) {
        gboolean white = sin(0.24 * (i % 256) + 3 * sin(0.04 * (i / 256))) > 0.4;

        for (int c = 0; c < 3; c++) {
            picture->rgb[3 * i + c] = white ? 0.97f : 0.02f;
        }
    }
    g_assert_true(pst_picture_write(picture, path, &options, NULL, NULL, NULL));
    return path;
}

static void test_correction(void)
{
    g_autofree char *place = new_cache_folder(), *path = put_stripes();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, 0);
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, NULL);
    g_autoptr(PstStyle) fresh = pst_style_from_picture(model, pool, picture, 0, "name", NULL, NULL);

    g_assert_true(pst_style_calibrate(fresh, model, pool, picture, 0, NULL, NULL));
    g_assert_true(pst_style_is_corrected(fresh));
    for (int found = 0; found < 2; found++) {
        g_autoptr(PstStyle) style = encode(cache, path, 0, found);

        g_assert_cmpmem(style->correction, sizeof style->correction, fresh->correction, sizeof fresh->correction);
    }
}

static void test_found(void)
{
    g_autofree char *place = new_cache_folder();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, 0);
    g_autofree char *a = put_picture("a.png", 0), *b = put_picture("b.png", 1);
    guint64 bytes;

    check(cache, a, SIDE, FALSE);
    check(cache, a, SIDE, TRUE);
    check(cache, a, SIDE + 8, FALSE); /* another size */
    check(cache, b, SIDE, FALSE);     /* another picture */
    check(cache, b, SIDE, TRUE);
    g_free(put_picture("a.png", 2)); /* another picture of the same name */
    check(cache, a, SIDE, FALSE);
    g_free(put_picture("other-name.png", 2));
    g_autofree char *other = g_build_filename(folder, "other-name.png", NULL);
    check(cache, other, SIDE, TRUE); /* the same picture of another name */
    g_assert_cmpuint(count(place, &bytes), ==, 4);
    g_autoptr(PstStyleCache) again = pst_style_cache_new(place, 0);
    check(again, b, SIDE, TRUE);
}

/* Entries that are cut, swollen, flipped, of another key, no files at all. */
static void test_damaged(void)
{
    g_autofree char *place = new_cache_folder();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, 0);
    g_autofree char *a = put_picture("a.png", 0), *b = put_picture("b.png", 1);
    g_autofree char *whole = NULL;
    gsize size;

    check(cache, a, SIDE, FALSE);
    g_autoptr(GDir) dir = g_dir_open(place, 0, NULL);
    g_autofree char *entry = g_build_filename(place, g_dir_read_name(dir), NULL);
    g_assert_true(g_file_get_contents(entry, &whole, &size, NULL));
    g_assert_cmpuint(size, ==, entry_size);
    for (gsize length = 0; length < size; length += size / 10) {
        g_assert_true(g_file_set_contents(entry, whole, (gssize)length, NULL));
        check(cache, a, SIDE, FALSE);
        check(cache, a, SIDE, TRUE);
    }
    for (gsize at = 0; at < size; at += size / 20) {
        g_autofree char *flipped = g_memdup2(whole, size);

        flipped[at] ^= 4;
        g_assert_true(g_file_set_contents(entry, flipped, (gssize)size, NULL));
        check(cache, a, SIDE, FALSE);
    }
    check(cache, b, SIDE, FALSE);
    g_autofree char *mine = NULL;
    g_assert_true(g_file_get_contents(entry, &mine, &size, NULL));
    g_autoptr(GDir) names = g_dir_open(place, 0, NULL);
    for (const char *name; (name = g_dir_read_name(names));) { /* one entry in the place of the other */
        g_autofree char *path = g_build_filename(place, name, NULL);

        g_assert_true(g_file_set_contents(path, mine, (gssize)size, NULL));
    }
    check(cache, a, SIDE, TRUE);
    check(cache, b, SIDE, FALSE);
    g_unlink(entry);
    g_mkdir(entry, 0700);
    check(cache, a, SIDE, FALSE);
    g_rmdir(entry);
    g_assert_cmpint(symlink("/dev/zero", entry), ==, 0);
    check(cache, a, SIDE, FALSE);
    check(cache, a, SIDE, TRUE);
}

/* The oldest go, and what is used is not old. */
static void test_bounded(void)
{
    enum { PICTURES = 24, ROOM = 10 };
    g_autofree char *place = new_cache_folder();
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(place, ROOM * little_size);
    g_autofree char *favourite = put_picture("favourite.png", 100);
    guint64 bytes;

    pst_style_free(encode(cache, favourite, LITTLE, FALSE));
    for (int i = 0; i < PICTURES; i++) {
        g_autofree char *name = g_strdup_printf("%d.png", i);
        g_autofree char *path = put_picture(name, i);

        pst_style_free(encode(cache, path, LITTLE, FALSE));
        pst_style_free(encode(cache, favourite, LITTLE, TRUE));
        count(place, &bytes);
        g_assert_cmpuint(bytes, <=, ROOM * little_size);
        g_usleep(2000); /* so that times differ on any file system */
    }
    g_autofree char *last = g_build_filename(folder, "23.png", NULL), *first = g_build_filename(folder, "0.png", NULL);
    pst_style_free(encode(cache, last, LITTLE, TRUE));
    pst_style_free(encode(cache, first, LITTLE, FALSE));
    /* What others left there counts too. */
    g_autofree char *stray = g_build_filename(place, "stray", NULL);
    g_autofree char *rubbish = g_malloc0(ROOM * little_size);
    g_assert_true(g_file_set_contents(stray, rubbish, ROOM * little_size, NULL));
    g_assert_cmpint(utimensat(0, stray, (struct timespec[2]){ { 1, 0 }, { 1, 0 } }, 0), ==, 0);
    g_autofree char *more = put_picture("more.png", 200);
    pst_style_free(encode(cache, more, LITTLE, FALSE));
    g_assert_false(g_file_test(stray, G_FILE_TEST_EXISTS));
    pst_style_free(encode(cache, more, LITTLE, TRUE));
}

static gpointer encode_many(gpointer data)
{
    g_autoptr(PstThreadPool) own = pst_thread_pool_new(1);
    g_autoptr(PstStyleCache) cache = pst_style_cache_new(data, 4 * little_size);

    for (int i = 0; i < 60; i++) {
        g_autofree char *name = g_strdup_printf("%d.png", i * 7 % 12);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autoptr(PstStyle)
            style = pst_style_cache_encode(cache, model, own, path, NULL, LITTLE, "name", NULL, NULL, NULL);
        g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, NULL);
        g_autoptr(PstStyle) fresh = pst_style_from_picture(model, own, picture, LITTLE, "name", NULL, NULL);

        g_assert_cmpmem(style->statistics, sizeof style->statistics, fresh->statistics, sizeof fresh->statistics);
    }
    return NULL;
}

/* Several at once, in a cache that is always too small. */
static void test_shared(void)
{
    g_autofree char *place = new_cache_folder();
    GThread *threads[4];
    guint64 bytes;

    for (int i = 0; i < 12; i++) {
        g_autofree char *name = g_strdup_printf("%d.png", i);

        g_free(put_picture(name, i));
    }
    for (int i = 0; i < 4; i++) {
        threads[i] = g_thread_new("cache", encode_many, place);
    }
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
    }
    count(place, &bytes);
    g_assert_cmpuint(bytes, <=, 8 * little_size); /* what the last ones put in at the same time */
}

/* No folder, a file in its place, no picture, a pipe, cancelled: as if there were no cache. */
static void test_in_the_way(void)
{
    g_autoptr(PstStyleCache) nowhere = pst_style_cache_new("/proc/no/such/folder", 0);
    g_autofree char *a = put_picture("a.png", 0);
    g_autofree char *missing = g_build_filename(folder, "missing.png", NULL);
    g_autofree char *text = g_build_filename(folder, "text.png", NULL);
    const char *bad[] = { missing, text, folder };
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(text, "no picture", -1, NULL));
    g_autoptr(PstStyleCache) occupied = pst_style_cache_new(text, 0);
    for (int i = 0; i < 2; i++) {
        check(nowhere, a, SIDE, FALSE);
        check(occupied, a, SIDE, FALSE);
    }
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(pst_style_cache_encode(nowhere, model, pool, bad[i], NULL, SIDE, "x", NULL, NULL, &error));
        g_assert_true(error->domain == PST_PICTURE_ERROR);
        g_clear_error(&error);
    }
    g_cancellable_cancel(cancellable);
    g_assert_null(pst_style_cache_encode(nowhere, model, pool, a, NULL, SIDE, "x", NULL, cancellable, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-cache-XXXXXX", &error);
    g_assert_no_error(error);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    pool = pst_thread_pool_new(2);
    measure_entry();
    g_test_add_func("/style-cache/found", test_found);
    g_test_add_func("/style-cache/correction", test_correction);
    g_test_add_func("/style-cache/patches", test_patches);
    g_test_add_func("/style-cache/damaged", test_damaged);
    g_test_add_func("/style-cache/bounded", test_bounded);
    g_test_add_func("/style-cache/shared", test_shared);
    g_test_add_func("/style-cache/in-the-way", test_in_the_way);
    status = g_test_run();
    folder_remove(folder);
    g_free(folder);
    pst_thread_pool_free(pool);
    pst_model_free(model);
    return status;
}
