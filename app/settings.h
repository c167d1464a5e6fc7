/* What the program remembers from one start to the next. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** The user's settings: schema org.pastiche.Pastiche, whose keys resources/desktop describes. It is looked for where the
 *  desktop looks, then in share/ beside the program's folder. NULL where it is nowhere, as in a build folder: then the
 *  defaults serve. Owned by the caller. */
GSettings *pst_settings_new(void);

G_END_DECLS
