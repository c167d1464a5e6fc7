#include "augmentation.h"

#include "engine/domain/light.h"
#include "engine/paint/painter.h"

#include <string.h>

void pst_augmented_clear(PstAugmented *augmented)
{
    g_free(augmented->style);
    g_free(augmented->licence);
    *augmented = (PstAugmented){ 0 };
}

/* The file's name and folder, whatever system they were listed on. */
static guint64 hash(const char *name)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);

    sum[16] = '\0';
    return g_ascii_strtoull(sum, NULL, 16);
}

static gboolean paint(const PstAugmentation *augmentation, PstRandom *random, PstPicture **picture,
                      const PstModel *model, PstThreadPool *pool, PstAugmented *augmented, GCancellable *cancellable,
                      GError **error)
{
    const PstRowSource source = pst_row_source(*picture);
    g_autoptr(PstStyle) style = augmentation->style(random, augmentation->data, error);
    g_autoptr(PstPainter) painter = NULL;
    PstPicture *painting = NULL;
    const PstRowSink sink = { .picture = &painting };
    const PstPaintLayer layer = { .style = style };
    PstPaintLayers layers = PST_PAINT_LAYERS(&layer);

    if (!style || !(painter = pst_painter_new(model, pool, &source, NULL, cancellable, error)))
        return FALSE;
    layers.strength = augmented->strength = pst_random_uniform(random, augmentation->least, augmentation->most);
    augmented->style = g_strdup(style->name);
    augmented->licence = g_strdup(style->licence);
    if (!pst_painter_paint(painter, &layers, &sink, NULL, NULL, cancellable, error))
        return FALSE;
    pst_picture_free(*picture);
    *picture = painting;
    return TRUE;
}

static gboolean adapt(const PstAugmentation *augmentation, const char *name, PstPicture **picture,
                      GCancellable *cancellable, GError **error)
{
    g_autoptr(PstPicture) small = pst_domain_shrink(*picture, cancellable, error), adapted = NULL;
    g_autoptr(PstAdaptation)
        adaptation = small ? pst_adaptation_task_run(augmentation->adaptation, small, name, cancellable, error) : NULL;

    if (!adaptation ||
        !(adapted = pst_adaptation_picture(adaptation, augmentation->adaptation->pool, *picture, cancellable, error)))
        return FALSE;
    pst_picture_free(*picture);
    *picture = g_steal_pointer(&adapted);
    return TRUE;
}

PstPicture *pst_augmentation_copy(const PstAugmentation *augmentation, const PstPicture *photo, const char *name,
                                  int copy, const PstModel *model, PstThreadPool *pool, PstAugmented *augmented,
                                  GCancellable *cancellable, GError **error)
{
    PstRandom random = pst_random_at(augmentation->seed, hash(name), (guint64)copy);
    g_autoptr(PstPicture) picture = pst_picture_resize(photo, photo->width, photo->height, cancellable, error);
    gboolean plain = pst_random_unit(&random) < augmentation->plain;

    *augmented = (PstAugmented){ 0 };
    if (!picture || (augmentation->style && !plain &&
                     !paint(augmentation, &random, &picture, model, pool, augmented, cancellable, error)))
        return NULL;
    if (augmentation->light > 0) {
        PstLight light = pst_light_draw(&random, augmentation->light);

        pst_light_apply(&light, &random, picture);
        augmented->relit = TRUE;
    }
    if (augmentation->adaptation) {
        if (!adapt(augmentation, name, &picture, cancellable, error))
            return NULL;
        augmented->adapted = TRUE;
    }
    if (!pst_structure_compare(photo, picture, &augmented->structure, cancellable, error))
        return NULL;
    return g_steal_pointer(&picture);
}
