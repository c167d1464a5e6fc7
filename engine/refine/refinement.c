#include "refinement.h"

#include "engine/base/cancellable.h"
#include "engine/network/padding.h"

#include <math.h>
#include <string.h>

#define SMALLEST   16
#define PHOTOGRAPH 3.5 /* power of likeness: at the usual one the photograph has an eleventh, at the firmest all */

void pst_refinement_size(const PstStylePalette *palette, int width, int height, double strokes, int *refined_width,
                         int *refined_height)
{
    double side = MIN(MIN(width, height), pst_style_palette_side(palette) / strokes);
    double pixels = side * side * MAX(width, height) / MIN(width, height);

    if (pixels > PST_REFINEMENT_PIXELS) {
        side *= sqrt(PST_REFINEMENT_PIXELS / pixels);
    }
    pst_size_fit_short_side(width, height, MAX(1, (int)(side + 0.5)), refined_width, refined_height);
}

static PstRefineOptions refine_options(const PstRefinementOptions *o)
{
    const PstRefineOptions defaults = PST_REFINE_DEFAULTS;
    PstRefineOptions options = defaults;

    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        options.steps[i] = defaults.steps[i] * o->steps / defaults.steps[0];
    }
    options.weights.content *= pow(4, 2 * o->likeness - 1);
    return options;
}

double pst_refinement_work(int refined_width, int refined_height, const PstRefinementOptions *o)
{
    PstRefineOptions options = refine_options(o);
    double work = 0;

    for (int i = 0; i < PST_PALETTE_OCTAVES; i++) {
        work += options.steps[i] * pow(0.25, i);
    }
    return work * refined_width * refined_height;
}

/* ---- pictures and maps ------------------------------------------------------------------------ */

static PstMap canvas_of(const PstPicture *picture)
{
    PstMap map = pst_map_new(pst_padded_side(MAX(picture->height, SMALLEST)),
                             pst_padded_side(MAX(picture->width, SMALLEST)), 3);

    pst_padded_fill(picture, 0, &map);
    return map;
}

/* What refinement begins with: the generator's painting and a share of the photograph, in the painting's colours. */
static PstMap begin(const PstMap *photo, const PstPicture *instant, const PstColourMoments *colours, double share)
{
    PstMap start = pst_map_new(photo->height, photo->width, 3);
    PstColourMoments own = pst_colour_moments(photo);

    memcpy(start.data, photo->data, pst_map_size(photo) * sizeof(float));
    pst_colour_transfer(&start, &own, colours);
    if (instant) {
        PstMap painted = canvas_of(instant);

        for (gsize i = 0; i < pst_map_size(&start); i++) {
            start.data[i] = painted.data[i] + (float)share * (start.data[i] - painted.data[i]);
        }
        pst_map_clear(&painted);
        own = pst_colour_moments(&start);
        pst_colour_transfer(&start, &own, colours);
    }
    return start;
}

/* The canvas without what was added to the picture's sides. */
static PstPicture *picture_of(const PstMap *map, int width, int height, GError **error)
{
    PstPicture *picture = pst_picture_new(width, height, FALSE, error);

    for (int y = 0; picture && y < height; y++) {
        memcpy(picture->rgb + (gsize)3 * y * width, pst_map_at(map, y, 0), (gsize)3 * width * sizeof(float));
    }
    return picture;
}

/* The palette's octave whose paintings are as large as the picture, as strokes are to be. */
static int first_octave(const PstStylePalette *palette, const PstPicture *photo, double strokes)
{
    double ratio = pst_style_palette_side(palette) / (MIN(photo->width, photo->height) * strokes);

    return CLAMP((int)lrint(log2(MAX(ratio, 1))), 0, PST_PALETTE_OCTAVES - 1);
}

PstPicture *pst_refinement(const PstFeatureNetwork *network, const PstStylePalette *palette, const PstPicture *photo,
                           const PstPicture *instant, const PstRefinementOptions *o, PstThreadPool *pool,
                           PstRefineProgress progress, gpointer data, GCancellable *stop, GCancellable *cancellable,
                           GError **error)
{
    g_autoptr(PstPaletteVectors) style = pst_style_palette_vectors(palette, first_octave(palette, photo, o->strokes));
    g_autoptr(GCancellable) either = g_cancellable_new();
    PstRefineOptions options = refine_options(o);
    PstColourMoments colours = pst_style_palette_colours(palette);
    PstMap canvas = canvas_of(photo), picture = begin(&canvas, instant, &colours, pow(o->likeness, PHOTOGRAPH));
    gulong stopped = pst_cancellable_follow(either, stop), cancelled = pst_cancellable_follow(either, cancellable);
    PstPicture *refined = NULL;

    options.colours = &colours;
    pst_refine(network, style, &canvas, &picture, &options, pool, either, progress, data);
    g_cancellable_disconnect(stop, stopped);
    g_cancellable_disconnect(cancellable, cancelled);
    if (!g_cancellable_set_error_if_cancelled(cancellable, error)) {
        refined = picture_of(&picture, photo->width, photo->height, error);
    }
    pst_map_clear(&canvas);
    pst_map_clear(&picture);
    return refined;
}

/* ---- how long --------------------------------------------------------------------------------- */

/* When a share of the work was done, of the finest octave's later steps: the first ones find all neighbours and touch
 * fresh memory, which counts little among many. */
typedef struct {
    double done[2];
    gint64 when[2];
} Probe;

#define PROBED_FROM 0.5

static void note(double done, const PstMap *picture, gpointer data)
{
    Probe *probe = data;
    int which = probe->done[0] > 0;

    if (done >= PROBED_FROM && done > probe->done[which]) {
        probe->done[which] = done;
        probe->when[which] = g_get_monotonic_time();
    }
}

double pst_refinement_seconds(const PstFeatureNetwork *network, const PstStylePalette *palette, PstThreadPool *pool)
{
    enum { WIDTH = 320, HEIGHT = 256, STEPS = 10 };
    g_autoptr(PstPicture) photo = pst_picture_new(WIDTH, HEIGHT, FALSE, NULL);
    PstRefinementOptions options = PST_REFINEMENT_DEFAULTS;
    Probe probe = { 0 };
    double done;

    if (!photo) {
        return 0;
    }
    for (int i = 0; i < 3 * WIDTH * HEIGHT; i++) {
        photo->rgb[i] = 0.5f + 0.4f * sinf(0.03f * (i % (3 * WIDTH))) * cosf(0.1f * (i / (3 * WIDTH)));
    }
    options.steps = STEPS;
    pst_picture_free(pst_refinement(network, palette, photo, NULL, &options, pool, note, &probe, NULL, NULL, NULL));
    done = probe.done[1] - probe.done[0];
    return done > 0 ? (double)(probe.when[1] - probe.when[0]) / G_USEC_PER_SEC /
                          (done * pst_refinement_work(WIDTH, HEIGHT, &options))
                    : 0;
}
