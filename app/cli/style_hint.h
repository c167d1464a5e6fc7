/* What to do about the name of a style that there is not. */
#pragma once

#include "engine/style/style_library.h"

/** A hint for a name that pst_style_library_find() doesn't find: the styles that have it in their names, or the one
 *  that is spelt nearly so, or where to look. One clause; owned by the caller. */
char *pst_style_hint(const GPtrArray *library, const char *text);
