#include "thumbnails.h"

#include "engine/paint/painter.h"
#include "engine/base/disk_cache.h"

/* To be changed whenever an entry holds something else. */
#define VERSION    "pastiche thumbnail 2"
#define PROBE_SIDE 64 /* pixels */

enum { SIZE = PST_PHOTO_THUMBNAIL * PST_PHOTO_THUMBNAIL * sizeof(guint32) };

struct PstThumbnails {
    PstDiskCache *cache;
    char *engine;          /* SHA-256 of what the model paints; NULL: not known yet */
    const PstModel *model; /* of it, borrowed */
    PstPhoto *photo;       /* the latest, and its square's SHA-256 */
    char *photo_sum;
};

PstThumbnails *pst_thumbnails_new(const char *folder, guint64 limit)
{
    PstThumbnails *thumbnails = g_new0(PstThumbnails, 1);

    thumbnails->cache = pst_disk_cache_new(folder, "thumbnails", limit ? limit : PST_THUMBNAILS_LIMIT);
    return thumbnails;
}

void pst_thumbnails_free(PstThumbnails *thumbnails)
{
    if (!thumbnails) {
        return;
    }
    pst_disk_cache_free(thumbnails->cache);
    pst_photo_unref(thumbnails->photo);
    g_free(thumbnails->photo_sum);
    g_free(thumbnails->engine);
    g_free(thumbnails);
}

static void add_floats(GChecksum *sum, const float *values, gsize count)
{
    g_checksum_update(sum, (const guchar *)values, (gssize)(count * sizeof *values));
}

static char *picture_sum(const PstPicture *picture)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize pixels = (gsize)picture->width * picture->height;

    add_floats(sum, picture->rgb, 3 * pixels);
    if (picture->alpha) {
        add_floats(sum, picture->alpha, pixels);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static PstPicture *paint(const PstModel *model, PstThreadPool *pool, const PstPicture *picture, const PstStyle *style,
                         GCancellable *cancellable, GError **error)
{
    const PstRowSource source = pst_row_source(picture);
    g_autoptr(PstPainter) painter = pst_painter_new(model, pool, &source, NULL, cancellable, error);
    const PstPaintLayer layer = { .style = style };
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };

    pst_painter_paint(painter, &PST_PAINT_LAYERS(&layer), &sink, NULL, NULL, cancellable, error);
    return painting;
}

/* A picture of slopes, in a style as even. */
static char *engine_sum(const PstModel *model, PstThreadPool *pool, GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) picture = pst_picture_new(PROBE_SIDE, PROBE_SIDE, FALSE, error);
    g_autoptr(PstPicture) painting = NULL;
    g_autoptr(PstStyle) style = NULL;

    if (!picture) {
        return NULL;
    }
    for (int i = 0; i < PROBE_SIDE * PROBE_SIDE; i++) {
        int x = i % PROBE_SIDE, y = i / PROBE_SIDE;

        picture->rgb[3 * i] = (float)x / PROBE_SIDE;
        picture->rgb[3 * i + 1] = (float)y / PROBE_SIDE;
        picture->rgb[3 * i + 2] = (float)(x * y % PROBE_SIDE) / PROBE_SIDE;
    }
    style = pst_style_from_picture(model, pool, picture, PROBE_SIDE, "probe", cancellable, error);
    painting = style ? paint(model, pool, picture, style, cancellable, error) : NULL;
    return painting ? picture_sum(painting) : NULL;
}

static gboolean know_engine(PstThumbnails *thumbnails, const PstModel *model, PstThreadPool *pool,
                            GCancellable *cancellable, GError **error)
{
    if (thumbnails->model != model || !thumbnails->engine) {
        g_free(thumbnails->engine);
        thumbnails->engine = engine_sum(model, pool, cancellable, error);
        thumbnails->model = model;
    }
    return thumbnails->engine != NULL;
}

static void know_photo(PstThumbnails *thumbnails, PstPhoto *photo)
{
    if (thumbnails->photo != photo) {
        pst_photo_unref(thumbnails->photo);
        g_free(thumbnails->photo_sum);
        thumbnails->photo = pst_photo_ref(photo);
        thumbnails->photo_sum = picture_sum(photo->square);
    }
}

static char *make_key(const PstThumbnails *thumbnails, const PstStyle *style)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    /* Pixels are kept in the machine's byte order. */
    g_autofree char *head = g_strdup_printf(VERSION " %d %d %s %s ", PST_PHOTO_THUMBNAIL, G_BYTE_ORDER,
                                            thumbnails->engine, thumbnails->photo_sum);

    g_checksum_update(sum, (const guchar *)head, -1);
    add_floats(sum, style->statistics, PST_STYLE_SIZE);
    add_floats(sum, style->correction, PST_STYLE_CHANNELS);
    if (style->patches) {
        g_autoptr(PstSwapPatches) patches = pst_style_patches_unpack(style->patches);

        for (int i = 0; i < PST_SWAP_TAPS; i++) {
            add_floats(sum, patches->values[i],
                       patches->count[i] * PST_SWAP_PLACES * pst_tap_channels[PST_SWAP_FIRST_TAP + i]);
        }
    }
    if (style->delta) {
        add_floats(sum, pst_weight_delta_get(style->delta, 0), pst_weight_delta_size());
    }
    return g_strdup(g_checksum_get_string(sum));
}

PstRaster *pst_thumbnails_get(PstThumbnails *thumbnails, const PstModel *model, PstThreadPool *pool, PstPhoto *photo,
                              const PstStyle *style, gboolean *found, GCancellable *cancellable, GError **error)
{
    g_autofree char *key = NULL;
    g_autoptr(PstPicture) painting = NULL;
    g_autoptr(PstPicture) small = NULL;
    g_autoptr(GBytes) pixels = NULL;
    PstRaster *raster;

    if (!know_engine(thumbnails, model, pool, cancellable, error)) {
        return NULL;
    }
    know_photo(thumbnails, photo);
    key = make_key(thumbnails, style);
    pixels = pst_disk_cache_get(thumbnails->cache, key, SIZE, TRUE);
    if (found) {
        *found = pixels != NULL;
    }
    if (pixels) {
        return pst_raster_new_from_pixels(pixels, PST_PHOTO_THUMBNAIL, PST_PHOTO_THUMBNAIL,
                                          photo->square->alpha != NULL);
    }
    painting = paint(model, pool, photo->square, style, cancellable, error);
    small = painting ? pst_picture_resize(painting, PST_PHOTO_THUMBNAIL, PST_PHOTO_THUMBNAIL, cancellable, error)
                     : NULL;
    raster = small ? pst_raster_new(small, cancellable, error) : NULL;
    if (raster) {
        const PstRasterStrip *strip = raster->strips->pdata[0];

        pst_disk_cache_put(thumbnails->cache, key, g_bytes_get_data(strip->levels[0].pixels, NULL), SIZE);
    }
    return raster;
}
