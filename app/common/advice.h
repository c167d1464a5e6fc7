/* What to do about errors of the engine, which themselves carry a code and the facts. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The advice for an error, in the user's language, or NULL: there is none, or the message holds it. */
const char *pst_advice(const GError *error);

/** "MESSAGE; ADVICE", or the message alone; the caller's. */
char *pst_error_text(const GError *error);

G_END_DECLS
