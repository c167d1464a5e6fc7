#include "unlikeness.h"

#include "engine/picture/reader.h"
#include "engine/style/style.h"

#include <glib/gi18n-lib.h>

#define SIDE    1024
#define LARGEST 4000000u /* pixels of a picture that can't be read smaller */

const char *pst_unlikeness_text(void)
{
    return _("unlike anything the painter has seen: expect less");
}

gboolean pst_photo_is_unlike(const PstFamiliarity *familiarity, const PstModel *model, PstThreadPool *pool,
                             const char *path, GCancellable *cancellable)
{
    const PstReadLimits limits = { .max_side = SIDE };
    g_auto(PstPictureInfo) info = { 0 };
    g_autoptr(PstPicture) picture = NULL;
    g_autoptr(PstStyle) style = NULL;

    /* What comes through a pipe can be read once only. */
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !pst_picture_probe(path, &info, NULL) ||
        (info.format != PST_FORMAT_JPEG && (guint64)info.width * (guint64)info.height > LARGEST))
        return FALSE;
    picture = pst_picture_read(path, &limits, cancellable, NULL);
    style = picture ? pst_style_from_picture(model, pool, picture, 0, "", cancellable, NULL) : NULL;
    return style && pst_familiarity_distance(familiarity, PST_FAMILIAR_PHOTOGRAPH, style->statistics) > 1;
}

gboolean pst_statistics_are_unlike(const PstFamiliarity *familiarity, const float *statistics)
{
    return pst_familiarity_distance(familiarity, PST_FAMILIAR_PHOTOGRAPH, statistics) > 1 &&
           pst_familiarity_distance(familiarity, PST_FAMILIAR_PAINTING, statistics) > 1;
}
