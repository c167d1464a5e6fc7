/* What is to be known about labelled pictures before something is learnt from them, in plain words. Nothing of it is
 * fatal.
 *
 * As JSON, an array of {"kind", "text", "files": [...]}; "text" is one line in the user's language:
 *
 *   broken      can't be read                        missing     spoken of by labels, and not there
 *   duplicate   in two splits: tests would be cheated few        a class with few pictures, or with a tenth of the
 *   blurred     many of a class                                  largest one's
 *   dark        a class that is all dark, or light, while others are not: a classifier would learn that
 *   background  a class whose pictures have one background, while others' differ
 */
#pragma once

#include "dataset.h"

#include <gio/gio.h>

#define PST_DATASET_FEW 10 /* pictures of a class */

/** Checks a dataset; reads all of its pictures. `progress` (may be NULL) is called before each with the share done.
 *  The caller's; NULL when cancelled. */
json_t *pst_dataset_check(const PstDataset *dataset, void (*progress)(const char *file, double share, gpointer data),
                          gpointer data, GCancellable *cancellable, GError **error);
