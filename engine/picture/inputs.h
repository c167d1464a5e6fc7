/* The files that a task reads, so that no output of it takes their place. A file is known by its device and number: a
 * link to it, hard or symbolic, and any other spelling of its path are the same file.
 */
#pragma once

#include <glib.h>

typedef struct _PstInputs PstInputs;

/* Empty. Owned by the caller; changed by one thread, then read by any. */
PstInputs *pst_inputs_new(void);
PstInputs *pst_inputs_ref(PstInputs *inputs);
void pst_inputs_unref(PstInputs *inputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstInputs, pst_inputs_unref)

/* Adds the file at `path`, in GLib's file name encoding. NULL and what does not exist add nothing; of a folder, all
 * files directly in it are added. */
void pst_inputs_add(PstInputs *inputs, const char *path);

/* Whether writing to `path` would replace one of them. `inputs` may be NULL: none. */
gboolean pst_inputs_contain(const PstInputs *inputs, const char *path);

/* The same as an error: FALSE and PST_PICTURE_ERROR_INPUT. */
gboolean pst_inputs_spare(const PstInputs *inputs, const char *path, GError **error);
