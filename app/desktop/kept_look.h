/* Looks in the files that the window keeps (session.h): a recipe, and the full names of its styles. */
#pragma once

#include <gio/gio.h>

#include "engine/paint/look.h"

/** A key file, owned by the caller; NULL where there is none, or none of a size that was written here. */
GKeyFile *pst_kept_file_load(const char *path);

/** Writes a look into a group. */
void pst_kept_look_set(GKeyFile *file, const char *group, const PstLook *look);

/** Reads it again, without styles whose training is gone; the first of these is told of in `missing` (may be NULL).
 *  Owned by the caller; NULL where there is none. */
PstLook *pst_kept_look_get(GKeyFile *file, const char *group, GError **missing);

/** The same for a look without its styles' full names, which stand in the group. */
void pst_kept_look_settle(PstLook *look, GKeyFile *file, const char *group, GError **missing);
