/* The kept thumbnails: the same as painted ones, never of another photograph, style or engine, and never in the way. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/paint.h"
#include "engine/service/thumbnails.h"
#include "tests/folder.h"

static PstModel *model;
static PstThreadPool *pool;
static char *folder;

static PstPhoto *make_photo(float phase)
{
    PstPicture *picture = pst_picture_new(300, 280, FALSE, NULL);

    for (int i = 0; i < 300 * 280 * 3; i++) {
        picture->rgb[i] = 0.5f + 0.5f * sinf(0.003f * (float)i + phase);
    }
    return pst_photo_new(picture, NULL, "photo", NULL, NULL);
}

static PstStyle *make_style(PstPhoto *photo)
{
    return pst_style_from_picture(model, pool, photo->full, 128, "style", NULL, NULL);
}

static GBytes *pixels(const PstRaster *raster)
{
    return ((const PstRasterStrip *)raster->strips->pdata[0])->levels[0].pixels;
}

/* What a thumbnail is to be: the square, painted and then reduced. */
static PstRaster *reduced(PstThreadPool *threads, const PstPhoto *photo, const PstStyle *style)
{
    g_autoptr(PstPicture) painting = paint_picture(model, threads, photo->square, style, NULL, NULL, NULL, NULL, NULL);
    g_autoptr(PstPicture) small = pst_picture_resize(painting, PST_PHOTO_THUMBNAIL, PST_PHOTO_THUMBNAIL, NULL, NULL);

    return pst_raster_new(small, NULL, NULL);
}

static void check(PstThumbnails *thumbnails, PstPhoto *photo, const PstStyle *style, gboolean expected)
{
    g_autoptr(GError) error = NULL;
    gboolean found;
    g_autoptr(PstRaster) raster = pst_thumbnails_get(thumbnails, model, pool, photo, style, &found, NULL, &error);
    g_autoptr(PstRaster) fresh = reduced(pool, photo, style);

    g_assert_no_error(error);
    g_assert_cmpint(found, ==, expected);
    g_assert_cmpint(raster->width, ==, PST_PHOTO_THUMBNAIL);
    g_assert_cmpint(raster->height, ==, PST_PHOTO_THUMBNAIL);
    g_assert_true(g_bytes_equal(pixels(raster), pixels(fresh)));
}

static char *new_folder(void)
{
    static int number;

    return g_strdup_printf("%s/%d", folder, number++);
}

static int count_entries(const char *place, char **one)
{
    g_autoptr(GDir) entries = g_dir_open(place, 0, NULL);
    const char *name;
    int count = 0;

    while (entries && (name = g_dir_read_name(entries))) {
        count++;
        if (one) {
            g_free(*one);
            *one = g_build_filename(place, name, NULL);
        }
    }
    return count;
}

static void test_kept(void)
{
    g_autofree char *place = new_folder();
    g_autoptr(PstThumbnails) first = pst_thumbnails_new(place, 0);
    g_autoptr(PstThumbnails) second = pst_thumbnails_new(place, 0);
    g_autoptr(PstPhoto) photo = make_photo(0), other = make_photo(1), again = make_photo(0);
    g_autoptr(PstStyle) style = make_style(photo);
    g_autoptr(PstStyle) same = pst_style_copy(style);

    check(first, photo, style, FALSE);
    check(first, photo, style, TRUE);
    check(second, again, same, TRUE); /* by content: another program, the photograph read once more */
    check(second, other, style, FALSE);
    same->statistics[7] *= 1.01f;
    check(second, photo, same, FALSE);
    check(first, photo, style, TRUE);
    g_assert_cmpint(count_entries(place, NULL), ==, 3);
}

static void test_damaged(void)
{
    g_autofree char *place = new_folder();
    g_autoptr(PstThumbnails) thumbnails = pst_thumbnails_new(place, 0);
    g_autoptr(PstPhoto) photo = make_photo(0);
    g_autoptr(PstStyle) style = make_style(photo);
    g_autofree char *path = NULL;
    g_autofree char *entry = NULL;
    gsize length;

    check(thumbnails, photo, style, FALSE);
    g_assert_cmpint(count_entries(place, &path), ==, 1);
    g_assert_true(g_file_get_contents(path, &entry, &length, NULL));
    for (gsize at = 10; at < length; at += length / 5) {
        entry[at] ^= 0x20;
        g_assert_true(g_file_set_contents(path, entry, (gssize)length, NULL));
        entry[at] ^= 0x20;
        check(thumbnails, photo, style, FALSE);
        check(thumbnails, photo, style, TRUE);
    }
    g_assert_true(g_file_set_contents(path, entry, (gssize)length / 2, NULL));
    check(thumbnails, photo, style, FALSE);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    check(thumbnails, photo, style, FALSE);
    g_remove(path);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    check(thumbnails, photo, style, FALSE);
    g_rmdir(path);
}

static void test_bounded(void)
{
    g_autofree char *place = new_folder();
    g_autoptr(PstThumbnails) thumbnails = pst_thumbnails_new(place, 1 << 20); /* three of them, and a little */
    g_autoptr(PstPhoto) photo = make_photo(0);
    g_autoptr(PstStyle) style = make_style(photo);

    for (int i = 0; i < 8; i++) {
        style->statistics[3] += 0.01f;
        check(thumbnails, photo, style, FALSE);
        g_assert_cmpint(count_entries(place, NULL), <=, 3);
    }
    check(thumbnails, photo, style, TRUE); /* the latest is there */
}

/* Where nothing can be written, all is painted. */
static void test_no_folder(void)
{
    g_autoptr(PstThumbnails) thumbnails = pst_thumbnails_new("/proc/none/here", 0);
    g_autoptr(PstPhoto) photo = make_photo(0);
    g_autoptr(PstStyle) style = make_style(photo);

    check(thumbnails, photo, style, FALSE);
    check(thumbnails, photo, style, FALSE);
}

static gpointer use_often(gpointer data)
{
    g_autoptr(PstThumbnails) thumbnails = pst_thumbnails_new(data, 1 << 20);
    PstThreadPool *own = pst_thread_pool_new(1);
    g_autoptr(PstPhoto) photo = make_photo(0);
    g_autoptr(PstStyle) style = pst_style_from_picture(model, own, photo->full, 128, "style", NULL, NULL);
    float start = style->statistics[3];

    for (int i = 0; i < 20; i++) {
        style->statistics[3] = start + 0.01f * (float)(i % 5);
        g_autoptr(PstRaster) raster = pst_thumbnails_get(thumbnails, model, own, photo, style, NULL, NULL, NULL);
        g_autoptr(PstRaster) fresh = reduced(own, photo, style);

        g_assert_true(g_bytes_equal(pixels(raster), pixels(fresh)));
    }
    pst_thread_pool_free(own);
    return NULL;
}

/* Several programs at once, in a folder that is always too small. */
static void test_shared(void)
{
    g_autofree char *place = new_folder();
    GThread *threads[3];

    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("user", use_often, place);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("pastiche-thumbnails-XXXXXX", &error);
    g_assert_no_error(error);
    model = pst_model_load_default(&error);
    g_assert_no_error(error);
    pool = pst_thread_pool_new(0);
    g_test_add_func("/thumbnails/kept", test_kept);
    g_test_add_func("/thumbnails/damaged", test_damaged);
    g_test_add_func("/thumbnails/bounded", test_bounded);
    g_test_add_func("/thumbnails/no-folder", test_no_folder);
    g_test_add_func("/thumbnails/shared", test_shared);
    status = g_test_run();
    folder_remove(folder);
    pst_thread_pool_free(pool);
    pst_model_free(model);
    g_free(folder);
    return status;
}
