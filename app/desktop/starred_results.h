/* Results that a user gave a star, kept from one start to the next: by the photograph's path, a recipe and a small
 * picture of each in the user's data folder.
 */
#pragma once

#include "result.h"

/** The results kept of the photograph in that file (PstResult, starred); what can't be read is passed over. Owned by
 *  the caller. */
GPtrArray *pst_starred_results_read(const char *photo);

/** FALSE with what writing says. */
gboolean pst_starred_results_add(const char *photo, PstResult *result, GError **error);
gboolean pst_starred_results_remove(const char *photo, PstResult *result, GError **error);
