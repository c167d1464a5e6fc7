#include "sample.h"

#include "engine/picture/reader.h"

#define SAMPLE "lake.jpg"
#define SIDE   640 /* pixels, of the small picture */

char *pst_sample_path(GError **error)
{
    g_autofree char *data = pst_data_folder(error);

    return data ? g_build_filename(data, "samples", SAMPLE, NULL) : NULL;
}

static PstRaster *read_small(gpointer data, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = pst_sample_path(error);
    g_autoptr(PstPicture) picture = path ? pst_picture_read(path, NULL, cancellable, error) : NULL;
    g_autoptr(PstPicture) small = picture ? pst_picture_fit_long_side(picture, SIDE, cancellable, error) : NULL;

    return small ? pst_raster_new(small, cancellable, error) : NULL;
}

void pst_sample_texture(PstEngineService *service, GAsyncReadyCallback callback, gpointer data)
{
    pst_texture_make(service, read_small, NULL, NULL, callback, data);
}
