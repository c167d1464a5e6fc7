/* Pictures that an option names: a file, or a folder with all that is in it. */
#pragma once

#include "engine/domain/domain.h"

/** The paths (char *) of a picture, or of the JPEG and PNG files of a folder in the order of their names, those of
 *  folders within it too where `recursive`. NULL and G_FILE_ERROR when there are none. */
GPtrArray *pst_picture_list(const char *path, gboolean recursive, GError **error);

/** Told of each picture that can't be read. */
typedef void (*PstPictureWarning)(const GError *error, gpointer data);

/** The domain of these pictures; those that can't be read are told of by `warn` and left out. NULL when cancelled or
 *  with the last error when none is left. */
PstDomain *pst_picture_list_domain(const GPtrArray *paths, const PstModel *model, PstThreadPool *pool,
                                   PstPictureWarning warn, gpointer data, GCancellable *cancellable, GError **error);
