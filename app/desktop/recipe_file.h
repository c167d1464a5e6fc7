/* Recipes as the window reads and writes them: files, and what pictures hold. */
#pragma once

#include "engine/paint/look.h"
#include "engine/service/photo.h"

/** The look that the recipe in a file describes; owned by the caller. NULL with what reading it says. */
PstLook *pst_recipe_file_read(const char *path, GError **error);

/** The same of the recipe that a photograph holds, as paintings do; NULL without an error where it holds none. */
PstLook *pst_recipe_file_read_photo(const PstPhoto *photo, GError **error);

/** Writes a recipe, over what was there. FALSE with what writing says. */
gboolean pst_recipe_file_write(const PstLook *look, const char *path, GError **error);
