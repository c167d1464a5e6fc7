/* Scratch file: bytes in a mapped temporary file instead of memory. Private.
 *
 * Some pictures can't be decoded row by row (turned ones, interlaced PNG, progressive JPEG). What has to be kept of
 * them lies here, so that memory doesn't grow with their height. Up to PST_SCRATCH_FILE_MEMORY it is plain memory.
 */
#pragma once

#include <glib.h>

#define PST_SCRATCH_FILE_MEMORY ((guint64)64 << 20)

typedef struct {
    guint8 *data; /* `size` bytes, zero at first */
    guint64 size;
    /* private */
    gboolean on_disk;
    guint64 touched;
} PstScratchFile;

/* Allocates all room at once, so that a full disk is reported here and not in the middle of the work. The file lies in
 * the user's cache folder, or in the system's folder for temporary files, and has no name any more. `name` is the
 * picture that errors are about. NULL on error: NO_SPACE, MEMORY, IO of PST_PICTURE_ERROR. */
PstScratchFile *pst_scratch_file_new(guint64 size, const char *name, GError **error);

/* Call it with the number of `bytes` that were read or written. Now and then it drops the process's pages, whose
 * content stays in the file. Never changes what `data` holds. */
void pst_scratch_file_touch(PstScratchFile *scratch, guint64 bytes);

/* The memory that a scratch file of `size` bytes holds at most. */
guint64 pst_scratch_file_memory(guint64 size);

void pst_scratch_file_free(PstScratchFile *scratch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstScratchFile, pst_scratch_file_free)
