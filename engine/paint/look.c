#include "look.h"

#include <string.h>

PstLook *pst_look_new(void)
{
    PstLook *look = g_new0(PstLook, 1);

    g_atomic_ref_count_init(&look->references);
    look->count = 1;
    look->strength = look->detail = look->stroke = 1;
    return look;
}

static void region_clear(PstLookRegion *region)
{
    for (int i = 0; i < region->count; i++) {
        g_free(region->styles[i].id);
        pst_style_free(region->styles[i].style);
    }
    pst_mask_unref(region->mask);
    *region = (PstLookRegion){ 0 };
}

static void region_copy(const PstLookRegion *region, PstLookRegion *copy)
{
    *copy = *region;
    for (int i = 0; i < region->count; i++) {
        copy->styles[i].id = g_strdup(region->styles[i].id);
        copy->styles[i].style = pst_style_copy(region->styles[i].style);
    }
    copy->mask = region->mask ? pst_mask_ref(region->mask) : NULL;
}

PstLook *pst_look_copy(const PstLook *look)
{
    PstLook *copy = pst_look_new();

    copy->count = look->count;
    copy->strength = look->strength;
    copy->detail = look->detail;
    copy->stroke = look->stroke;
    copy->keep_colours = look->keep_colours;
    for (int i = 0; i < look->count; i++) {
        region_copy(&look->regions[i], &copy->regions[i]);
    }
    return copy;
}

PstLook *pst_look_ref(PstLook *look)
{
    g_atomic_ref_count_inc(&look->references);
    return look;
}

void pst_look_unref(PstLook *look)
{
    if (look && g_atomic_ref_count_dec(&look->references)) {
        for (int i = 0; i < look->count; i++) {
            region_clear(&look->regions[i]);
        }
        g_free(look);
    }
}

static gboolean region_equal(const PstLookRegion *a, const PstLookRegion *b)
{
    if (a->count != b->count || !pst_mask_equal(a->mask, b->mask)) {
        return FALSE;
    }
    for (int i = 0; i < a->count; i++) {
        if (a->styles[i].weight != b->styles[i].weight || strcmp(a->styles[i].id, b->styles[i].id) != 0 ||
            memcmp(a->styles[i].style->statistics, b->styles[i].style->statistics,
                   sizeof a->styles[i].style->statistics) != 0 ||
            !pst_weight_delta_equal(a->styles[i].style->delta, b->styles[i].style->delta)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_look_equal(const PstLook *a, const PstLook *b)
{
    if (a->count != b->count || a->strength != b->strength || a->detail != b->detail || a->stroke != b->stroke ||
        a->keep_colours != b->keep_colours) {
        return FALSE;
    }
    for (int i = 0; i < a->count; i++) {
        if (!region_equal(&a->regions[i], &b->regions[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean pst_look_is_plain(const PstLook *look)
{
    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].count > 0) {
            return FALSE;
        }
    }
    return TRUE;
}

char *pst_look_title(const PstLook *look)
{
    GString *title = g_string_new(NULL);

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            const char *name = look->regions[i].styles[k].style->name;

            if (!strstr(title->str, name)) {
                g_string_append_printf(title, "%s%s", title->len ? " + " : "", name);
            }
        }
    }
    return g_string_free(title, FALSE);
}

int pst_look_region_find(const PstLookRegion *region, const char *id)
{
    for (int i = 0; i < region->count; i++) {
        if (strcmp(region->styles[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

gboolean pst_look_region_add(PstLookRegion *region, const char *id, const PstStyle *style, double weight)
{
    int index = pst_look_region_find(region, id);

    if (index >= 0) {
        region->styles[index].weight = weight;
        return TRUE;
    }
    if (region->count == PST_LOOK_STYLES) {
        return FALSE;
    }
    region->styles[region->count++] = (PstLookStyle){ g_strdup(id), pst_style_copy(style), weight };
    return TRUE;
}

void pst_look_region_remove(PstLookRegion *region, int index)
{
    g_free(region->styles[index].id);
    pst_style_free(region->styles[index].style);
    region->count--;
    memmove(&region->styles[index], &region->styles[index + 1], (gsize)(region->count - index) * sizeof(PstLookStyle));
}

int pst_look_add_region(PstLook *look)
{
    if (look->count == PST_REGIONS) {
        return -1;
    }
    look->regions[look->count] = (PstLookRegion){ .mask = pst_mask_new() };
    return look->count++;
}

void pst_look_remove_region(PstLook *look, int index)
{
    region_clear(&look->regions[index]);
    look->count--;
    memmove(&look->regions[index], &look->regions[index + 1], (gsize)(look->count - index) * sizeof(PstLookRegion));
}

PstStyle *pst_look_region_mix(const PstLookRegion *region)
{
    const PstStyle *styles[PST_LOOK_STYLES];
    double weights[PST_LOOK_STYLES];

    for (int i = 0; i < region->count; i++) {
        styles[i] = region->styles[i].style;
        weights[i] = region->styles[i].weight;
    }
    return pst_style_mix(styles, weights, region->count);
}

/* Larger strokes: the painting of the smaller photograph, and on it the fine drawing that was lost by shrinking. */
static PstPicture *enlarge(const PstPicture *painting, const PstPicture *small, const PstPicture *photo, double gain,
                           GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) large = pst_picture_resize(painting, photo->width, photo->height, cancellable, error);
    g_autoptr(PstPicture) coarse = large ? pst_picture_resize(small, photo->width, photo->height, cancellable, error)
                                         : NULL;
    gsize values = (gsize)3 * photo->width * photo->height;

    if (!coarse) {
        return NULL;
    }
    for (gsize i = 0; i < values; i++) {
        large->rgb[i] = CLAMP(large->rgb[i] + (float)gain * (photo->rgb[i] - coarse->rgb[i]), 0, 1);
    }
    if (photo->alpha) {
        memcpy(large->alpha, photo->alpha, values / 3 * sizeof(float));
    }
    return g_steal_pointer(&large);
}

/* Painting one region after the other. */
typedef struct {
    const PstModel *model;
    PstThreadPool *pool;
    const PstPicture *photo;
    PstPreview *preview; /* of the photo, or NULL */
    PstPaintSettings settings;
    int done, count;
    PstPaintProgress progress;
    PstPaintRows rows;
    gpointer data;
    GCancellable *cancellable;
} Session;

static void report(double share, gpointer data)
{
    const Session *session = data;

    if (session->progress) {
        session->progress((session->done + share) / MAX(1, session->count), session->data);
    }
}

static void tell_rows(const PstPicture *picture, int first, int rows, gpointer data)
{
    const Session *session = data;

    session->rows(picture, first, rows, session->data);
}

static PstPicture *paint_style(const PstStyle *style, gpointer data, GError **error)
{
    Session *session = data;
    PstPicture *painting;

    if (session->preview) {
        return pst_preview_paint(session->preview, style, &session->settings, NULL, NULL, session->cancellable, error);
    }
    painting = pst_paint_progressively(session->model, session->pool, session->photo, style, &session->settings, report,
                                       session->rows ? tell_rows : NULL, session, session->cancellable, error);
    session->done++;
    return painting;
}

static PstPicture *paint_regions(const PstLook *look, Session *session, GError **error)
{
    PstPaintRegion regions[PST_REGIONS] = { 0 };
    PstStyle *styles[PST_REGIONS];
    PstPicture *painting;
    int count = 0;

    for (int i = 0; i < look->count; i++) {
        if (look->regions[i].count > 0) {
            styles[count] = pst_look_region_mix(&look->regions[i]);
            regions[count] = (PstPaintRegion){ styles[count], look->regions[i].mask };
            count++;
        }
    }
    session->count = pst_regions_visible(regions, count);
    if (session->count != 1 || regions[count - 1].mask) {
        session->rows = NULL;
    }
    painting = pst_regions_paint(session->photo, regions, count, paint_style, session, session->cancellable, error);
    for (int i = 0; i < count; i++) {
        pst_style_free(styles[i]);
    }
    return painting;
}

static Session session_new(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                           GCancellable *cancellable)
{
    return (Session){ .model = model, .pool = pool, .photo = photo, .cancellable = cancellable,
                      .settings = { .strength = look->strength, .detail = look->detail,
                                    .keep_colours = look->keep_colours } };
}

static PstPicture *paint_enlarged(const PstLook *look, Session *session, GError **error)
{
    const PstPicture *photo = session->photo;
    int width = MAX(1, (int)(photo->width / look->stroke + 0.5));
    int height = MAX(1, (int)(photo->height / look->stroke + 0.5));
    g_autoptr(PstPicture) small = pst_picture_resize(photo, width, height, session->cancellable, error);
    g_autoptr(PstPicture) painting = NULL;

    if (!small) {
        return NULL;
    }
    session->photo = small;
    session->preview = NULL;
    session->rows = NULL;
    painting = paint_regions(look, session, error);
    return painting ? enlarge(painting, small, photo, 1 - look->strength * (1 - look->detail / 2),
                              session->cancellable, error)
                    : NULL;
}

PstPicture *pst_look_paint(const PstLook *look, const PstModel *model, PstThreadPool *pool, const PstPicture *photo,
                           PstPaintProgress progress, PstPaintRows rows, gpointer data, GCancellable *cancellable,
                           GError **error)
{
    Session session = session_new(look, model, pool, photo, cancellable);

    session.progress = progress;
    session.rows = rows;
    session.data = data;
    return look->stroke > 1 ? paint_enlarged(look, &session, error) : paint_regions(look, &session, error);
}

PstPicture *pst_look_paint_preview(const PstLook *look, const PstModel *model, PstThreadPool *pool, PstPreview *preview,
                                   GCancellable *cancellable, GError **error)
{
    Session session = session_new(look, model, pool, pst_preview_photo(preview), cancellable);

    session.preview = preview;
    return look->stroke > 1 ? paint_enlarged(look, &session, error) : paint_regions(look, &session, error);
}
