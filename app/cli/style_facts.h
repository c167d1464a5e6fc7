/* What `info` says of a picture's style. */
#pragma once

#include "facts.h"

#include <gio/gio.h>

typedef struct PstStyleTeller PstStyleTeller;

/** Reads what it takes the first time that it is asked. */
PstStyleTeller *pst_style_teller_new(void);
void pst_style_teller_free(PstStyleTeller *teller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstStyleTeller, pst_style_teller_free)

/** Adds the style of the picture at `path` in words, and, where it is unlike all that the painter learnt from, that.
 *  A picture that can't be decoded, or a program without its data, adds nothing but a warning. */
void pst_style_teller_tell(PstStyleTeller *teller, PstFacts *facts, const char *path, GCancellable *cancellable);
