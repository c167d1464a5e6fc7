/* Larger strokes: the same from memory and by rows, at any budget; seen whole, the painting is that of a small copy;
 * where nothing is painted, the photograph stays to the last bit. Frames of a video may take strokes from the frame
 * before, but for parts that are painted anew.
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

static const char *photo_path, *style_path, *grainy_path;

static void set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPicture) sample = pst_picture_read(photo_path, NULL, NULL, &error);

    g_assert_no_error(error);
    f->model = pst_model_load_default(&error);
    g_assert_no_error(error);
    f->style = style_at(f->model, data ? data : style_path);
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

/* ---- frames of a video ---------------------------------------------------------------------------- */

/* A frame of a shot that was sampled. */
static PstPicture *painted_frame(const Fixture *f, PstShot *shot, double stroke, const PstCarried *carried)
{
    const PstRowSource source = pst_row_source(f->photo);
    const PstPainterOptions options = { .stroke = stroke, .shot = shot, .carried = carried };
    const PstPaintLayer layer = { .style = f->style };
    PstPicture *result = NULL;
    const PstRowSink sink = { .picture = &result };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPainter) painter = pst_painter_new(f->model, f->pool, &source, &options, NULL, &error);

    g_assert_no_error(error);
    pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return result;
}

static PstShot *sampled(const Fixture *f)
{
    PstShot *shot = pst_shot_new();
    const PstRowSource source = pst_row_source(f->photo);
    const PstPainterOptions options = { .stroke = STROKE, .shot = shot };
    const PstPaintLayer layer = { .style = f->style };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstPainter) painter = pst_painter_new(f->model, f->pool, &source, &options, NULL, &error);

    g_assert_no_error(error);
    pst_painter_sample(painter, &PST_PAINT_LAYERS(&layer), NULL, &error);
    g_assert_no_error(error);
    return shot;
}

/* Carried from what is painted without larger strokes, it is as if it were painted; whatever is carried, a frame that
 * is one part is, too. */
static void test_carried(Fixture *f, gconstpointer data)
{
    g_autoptr(PstShot) shot = sampled(f);
    g_autoptr(PstPicture) whole = painted_frame(f, shot, STROKE, NULL);
    g_autoptr(PstPicture) usual = painted_frame(f, shot, 1, NULL);
    const PstRange rows = { 0, 218 }, columns = { 0, 331 };
    const PstCarried same = { .painting = usual };
    const PstCarried anew = { .painting = f->photo, .rows = &rows, .columns = &columns, .count = 1 };
    g_autoptr(PstPicture) of_same = painted_frame(f, shot, STROKE, &same);
    g_autoptr(PstPicture) of_anew = painted_frame(f, shot, STROKE, &anew);

    g_assert_cmpmem(whole->rgb, 3 * sizeof(float) * 331 * 218, of_same->rgb, 3 * sizeof(float) * 331 * 218);
    g_assert_cmpmem(whole->rgb, 3 * sizeof(float) * 331 * 218, of_anew->rgb, 3 * sizeof(float) * 331 * 218);
}

static double difference_within(const PstPicture *a, const PstPicture *b, PstRange rows, PstRange columns)
{
    double sum = 0;

    for (int y = rows.begin; y < rows.end; y++) {
        for (int i = 3 * columns.begin; i < 3 * columns.end; i++) {
            gsize at = (gsize)3 * a->width * y + i;

            sum += fabs((double)a->rgb[at] - b->rgb[at]);
        }
    }
    return sum / (3.0 * (rows.end - rows.begin) * (columns.end - columns.begin));
}

/* The middle of a part is painted nearly as in the whole: what is far beyond it counts little. With other grain it
 * would not be. */
static void test_part(Fixture *f, gconstpointer data)
{
    g_autoptr(PstShot) shot = sampled(f);
    g_autoptr(PstPicture) whole = painted_frame(f, shot, STROKE, NULL);
    g_autoptr(PstPicture) grey = pst_picture_new(331, 218, FALSE, NULL);
    const PstRange rows[] = { { 64, 160 }, { 160, 218 } }, columns[] = { { 32, 192 }, { 256, 331 } };
    const PstCarried parts = { .painting = grey, .rows = rows, .columns = columns, .count = 2 };
    const PstCarried none = { .painting = grey };

    for (int i = 0; i < 3 * 331 * 218; i++) {
        grey->rgb[i] = 0.5f;
    }
    g_autoptr(PstPicture) of_parts = painted_frame(f, shot, STROKE, &parts);
    g_autoptr(PstPicture) of_none = painted_frame(f, shot, STROKE, &none);

    for (int i = 0; i < 2; i++) {
        const PstRange inner_rows = { rows[i].begin + 16, rows[i].end - 16 };
        const PstRange inner_columns = { columns[i].begin + 16, columns[i].end - 16 };

        g_test_message("%g of %g", difference_within(whole, of_parts, inner_rows, inner_columns),
                       difference_within(whole, of_none, inner_rows, inner_columns));
        g_assert_cmpfloat(difference_within(whole, of_parts, inner_rows, inner_columns), <,
                          0.1 * difference_within(whole, of_none, inner_rows, inner_columns));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    photo_path = argv[1];
    style_path = argv[2];
    grainy_path = argv[3];
    g_test_add("/large_strokes/streamed", Fixture, NULL, set_up, test_streamed, tear_down);
    g_test_add("/large_strokes/seen_whole", Fixture, NULL, set_up, test_seen_whole, tear_down);
    g_test_add("/large_strokes/unpainted", Fixture, NULL, set_up, test_unpainted, tear_down);
    g_test_add("/large_strokes/carried", Fixture, NULL, set_up, test_carried, tear_down);
    g_test_add("/large_strokes/part", Fixture, grainy_path, set_up, test_part, tear_down);
    return g_test_run();
}
