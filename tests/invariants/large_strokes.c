/* Larger strokes: the same from memory and by rows, at any budget; seen whole, the painting is that of a small copy;
 * where nothing is painted, the photograph stays to the last bit.
 */
#include "engine/picture/reader.h"
#include "tests/paint.h"
#include "tests/rows.h"

#include <math.h>
#include <string.h>

#define STROKE 2.3

typedef struct {
    PstModel *model;
    PstThreadPool *pool;
    PstStyle *style;
    PstPicture *photo;
} Fixture;

static const char *photo_path, *style_path;

static void set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) sample = pst_picture_read(photo_path, NULL, NULL, &error);

    g_assert_no_error(error);
    f->model = pst_model_load_default(&error);
    g_assert_no_error(error);
    f->style = pst_style_read(style_path, &error);
    g_assert_no_error(error);
    f->pool = pst_thread_pool_new(2);
    f->photo = pst_picture_resize(sample, 331, 218, NULL, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    pst_style_free(f->style);
    pst_picture_free(f->photo);
    pst_thread_pool_free(f->pool);
    pst_model_free(f->model);
}

/* The picture with pixels that show through, in its place. */
static void add_alpha(PstPicture **picture)
{
    int width = (*picture)->width, height = (*picture)->height;
    PstPicture *clear = pst_picture_new(width, height, TRUE, NULL);

    memcpy(clear->rgb, (*picture)->rgb, (gsize)3 * width * height * sizeof(float));
    for (int i = 0; i < width * height; i++) {
        clear->alpha[i] = i % 5 / 4.0f;
    }
    pst_picture_free(*picture);
    *picture = clear;
}

static PstPicture *painted(const Fixture *f, const PstPicture *photo, double stroke, const PaintSettings *settings)
{
    const PstRowSource source = pst_row_source(photo);
    const PstPainterOptions options = { .stroke = stroke, .memory = settings ? settings->memory : 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPainter) painter = pst_painter_new(f->model, f->pool, &source, &options, NULL, &error);

    g_assert_no_error(error);
    PstPicture *picture = paint_again(painter, f->style, settings, NULL, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return picture;
}

static double difference(const PstPicture *a, const PstPicture *b)
{
    int values = 3 * a->width * a->height;
    double sum = 0;

    g_assert_cmpint(a->width, ==, b->width);
    for (int i = 0; i < values; i++) {
        sum += fabs((double)a->rgb[i] - b->rgb[i]);
    }
    return sum / values;
}

static void test_streamed(Fixture *f, gconstpointer data)
{
    const PaintSettings narrow = { .strength = 1, .detail = 1, .memory = (gsize)1 << 20 };
    g_autoptr(GError) error = NULL;

    add_alpha(&f->photo);
    g_autoptr(PstPicture) whole = painted(f, f->photo, STROKE, NULL);
    g_autoptr(PstPicture) result = pst_picture_new(f->photo->width, f->photo->height, TRUE, NULL);
    PhotoRows rows = { .photo = f->photo, .result = result };
    const PstRowSource source = { .width = f->photo->width,
                                  .height = f->photo->height,
                                  .alpha = TRUE,
                                  .read = read_rows,
                                  .rewind = rewind_rows,
                                  .data = &rows };
    const PstRowSink sink = { .write = write_rows, .data = &rows };
    const PstPainterOptions options = { .stroke = STROKE, .memory = narrow.memory };
    const PstPaintLayer layer = { .style = f->style };
    g_autoptr(PstPainter) painter = pst_painter_new(f->model, f->pool, &source, &options, NULL, &error);

    g_assert_no_error(error);
    pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(rows.written, ==, f->photo->height);
    g_assert_cmpmem(whole->rgb, 3 * sizeof(float) * 331 * 218, result->rgb, 3 * sizeof(float) * 331 * 218);
    g_assert_cmpmem(whole->alpha, sizeof(float) * 331 * 218, result->alpha, sizeof(float) * 331 * 218);
}

static void test_seen_whole(Fixture *f, gconstpointer data)
{
    int width = (int)(331 / STROKE + 0.5), height = (int)(218 / STROKE + 0.5);
    g_autoptr(PstPicture) small = pst_picture_resize(f->photo, width, height, NULL, NULL);
    g_autoptr(PstPicture) of_small = painted(f, small, 1, NULL);
    g_autoptr(PstPicture) usual = painted(f, f->photo, 1, NULL);
    g_autoptr(PstPicture) usual_small = pst_picture_resize(usual, width, height, NULL, NULL);
    g_autoptr(PstPicture) large = painted(f, f->photo, STROKE, NULL);
    g_autoptr(PstPicture) large_small = pst_picture_resize(large, width, height, NULL, NULL);

    g_assert_cmpfloat(difference(of_small, large_small), <, 0.35 * difference(of_small, usual_small));
}

static void test_unpainted(Fixture *f, gconstpointer data)
{
    g_autoptr(PstPicture) same = painted(f, f->photo, STROKE, &(PaintSettings){ .strength = 0, .detail = 1 });

    g_assert_cmpmem(same->rgb, 3 * sizeof(float) * 331 * 218, f->photo->rgb, 3 * sizeof(float) * 331 * 218);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    photo_path = argv[1];
    style_path = argv[2];
    g_test_add("/large_strokes/streamed", Fixture, NULL, set_up, test_streamed, tear_down);
    g_test_add("/large_strokes/seen_whole", Fixture, NULL, set_up, test_seen_whole, tear_down);
    g_test_add("/large_strokes/unpainted", Fixture, NULL, set_up, test_unpainted, tear_down);
    return g_test_run();
}
