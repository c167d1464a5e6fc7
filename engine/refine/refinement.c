#include "refinement.h"

#include "engine/network/canvas.h"

#include <math.h>
#include <string.h>

/* How many times a painting's pixels may be enlarged, so that its strokes fit. */
#define ENLARGED 1.25
#define SMALLEST 16

struct PstRefinement {
    PstMap photo; /* in the size of the refined picture */
    PstMap picture;
    double strokes;
};

void pst_refinement_size(const PstStylePictures *style, int width, int height, int *refined_width, int *refined_height)
{
    int of_painting = (int)(pst_style_pictures_short_side(style) * ENLARGED);
    int side = MIN(MIN(width, height), CLAMP(of_painting, SMALLEST, PST_REFINEMENT_SIDE));

    pst_size_fit_short_side(width, height, MAX(side, 1), refined_width, refined_height);
}

/* ---- options -------------------------------------------------------------------------------- */

static PstRefineOptions refine_options(const PstRefinementOptions *o)
{
    const PstRefineOptions defaults = PST_REFINE_DEFAULTS;
    PstRefineOptions options = defaults;

    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        options.layer_steps[i] = defaults.layer_steps[i] * o->steps / defaults.layer_steps[0];
    }
    options.weights.content *= pow(4, 2 * o->likeness - 1);
    return options;
}

double pst_refinement_work(const PstStylePictures *style, int width, int height, const PstRefinementOptions *o)
{
    PstRefineOptions options = refine_options(o);
    PstDetailOptions detail = PST_DETAIL_DEFAULTS;
    int refined_width, refined_height;
    double pixels, work = 0;

    pst_refinement_size(style, width, height, &refined_width, &refined_height);
    pixels = (double)refined_width * refined_height;
    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        work += (options.layer_steps[i] + options.column_steps[i]) * pixels * pow(0.25, i);
    }
    if (refined_width < width) {
        double all = (double)width * height;

        work += pst_detail_work(&detail, refined_width * 2 < width) * all;
    }
    return work;
}

/* ---- refining ------------------------------------------------------------------------------- */

static PstMap canvas_of(const PstPicture *picture)
{
    PstMap map = pst_map_new(pst_canvas_side(MAX(picture->height, SMALLEST)),
                             pst_canvas_side(MAX(picture->width, SMALLEST)), 3);

    pst_canvas_fill(picture, 0, &map);
    return map;
}

/* The map without what was added to it. */
static PstMap cut(const PstMap *map, int height, int width)
{
    PstMap part = pst_map_new(height, width, 3);

    for (int y = 0; y < height; y++) {
        memcpy(pst_map_at(&part, y, 0), pst_map_at(map, y, 0), (gsize)3 * width * sizeof(float));
    }
    return part;
}

/* What refinement begins with: the photograph in the painting's colours, the generator's painting, or both mixed. */
static PstMap begin(const PstMap *photo, const PstPicture *instant, const PstStylePictures *style, double likeness)
{
    PstMap start = pst_map_new(photo->height, photo->width, 3);
    PstColourMoments own = pst_colour_moments(photo), wanted = pst_style_pictures_colours(style);

    memcpy(start.data, photo->data, pst_map_size(photo) * sizeof(float));
    pst_colour_transfer(&start, &own, &wanted);
    if (instant) {
        PstMap painted = canvas_of(instant);

        for (gsize i = 0; i < pst_map_size(&start); i++) {
            start.data[i] = painted.data[i] + (float)likeness * (start.data[i] - painted.data[i]);
        }
        pst_map_clear(&painted);
    }
    return start;
}

static PstStylePalette *palette_for(const PstStylePictures *style, const PstFeatureNetwork *network, int short_side,
                                    int octaves, PstThreadPool *pool, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, cancellable, NULL, NULL);
    PstPaletteOptions options = PST_PALETTE_DEFAULTS;

    options.octaves = octaves;
    return pst_style_pictures_palette(style, network, executor, MAX(short_side, SMALLEST), &options, cancellable,
                                      error);
}

void pst_refinement_free(PstRefinement *r)
{
    if (r) {
        pst_map_clear(&r->photo);
        pst_map_clear(&r->picture);
        g_free(r);
    }
}

PstRefinement *pst_refinement_new(const PstFeatureNetwork *network, const PstStylePictures *style,
                                  const PstPicture *photo, const PstPicture *instant, const PstRefinementOptions *o,
                                  gboolean keep, PstThreadPool *pool, GCancellable *cancellable,
                                  PstRefineProgress progress, gpointer data, GError **error)
{
    int short_side = MIN(photo->width, photo->height);
    g_autoptr(GError) failed = NULL;
    g_autoptr(PstStylePalette) palette = palette_for(style, network, (int)(short_side * o->strokes + 0.5),
                                                     PST_PALETTE_OCTAVES, pool, cancellable, &failed);
    PstRefineOptions options = refine_options(o);
    g_autoptr(PstRefinement) r = NULL;
    PstMap canvas, picture;
    gboolean whole;

    if (failed && !g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    canvas = canvas_of(photo);
    picture = begin(&canvas, instant, style, o->likeness);
    whole = palette && pst_refine(network, palette, &canvas, &picture, &options, pool, cancellable, progress, data);
    if (whole || keep) {
        r = g_new0(PstRefinement, 1);
        r->photo = cut(&canvas, photo->height, photo->width);
        r->picture = cut(&picture, photo->height, photo->width);
        r->strokes = o->strokes;
    } else {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    }
    pst_map_clear(&canvas);
    pst_map_clear(&picture);
    return g_steal_pointer(&r);
}

const PstMap *pst_refinement_picture(const PstRefinement *r)
{
    return &r->picture;
}

/* ---- painting at full size ------------------------------------------------------------------ */

gboolean pst_refinement_paint(const PstRefinement *r, const PstFeatureNetwork *network, const PstStylePictures *style,
                              int width, int height, PstDetailRead read, PstDetailWrite write, PstThreadPool *pool,
                              GCancellable *cancellable, PstDetailProgress progress, gpointer data, GError **error)
{
    PstDetailOptions options = PST_DETAIL_DEFAULTS;
    PstDetailPicture picture = { .height = height,
                                 .width = width,
                                 .photo = &r->photo,
                                 .refined = &r->picture,
                                 .read = read,
                                 .write = write,
                                 .progress = progress,
                                 .data = data };
    g_autoptr(PstStylePalette) palette = NULL;
    int side;

    if (width == r->picture.width && height == r->picture.height) {
        return write(0, height, r->picture.data, data, error);
    }
    /* The painting's own pixels, or fewer where the picture has fewer for its strokes. */
    side = MIN((int)(MIN(width, height) * r->strokes + 0.5), pst_style_pictures_short_side(style));
    palette = palette_for(style, network, side, 1, pool, cancellable, error);
    return palette && pst_detail(network, palette, &picture, &options, pool, cancellable, error);
}
