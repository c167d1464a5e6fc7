#include "rows.h"

#include <glib/gi18n-lib.h>

PstRowSource pst_row_source(const PstPicture *picture)
{
    return (PstRowSource){
        .width = picture->width, .height = picture->height, .alpha = picture->alpha != NULL, .picture = picture
    };
}

static gboolean grow(float **plane, gsize row, gsize rows)
{
    float *grown = g_try_renew(float, *plane, row *rows);

    *plane = grown ? grown : *plane;
    return grown != NULL;
}

gboolean pst_rows_grow(float **rgb, float **alpha, int width, int rows, GError **error)
{
    if (grow(rgb, 3 * (gsize)width, (gsize)rows) && (!alpha || grow(alpha, (gsize)width, (gsize)rows))) {
        return TRUE;
    }
    g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY,
                _("%d rows of %d pixels take more memory than there is"), rows, width);
    return FALSE;
}
