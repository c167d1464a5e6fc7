/* A process that decodes one picture, so that what a hostile file does to a decoder stays there: pastiche-loader, of
 * engine/loader. It gets the file as an open descriptor and answers by picture_stream.h. It can open no files, has few
 * system calls, and limits of memory and processor time. Private. */
#pragma once

#include "picture_stream.h"

typedef struct {
    GPid pid;
    int requests; /* the writing end of what the loader is asked by */
    PstPictureStream answers;
} PstLoaderProcess;

/* Starts a loader for the file at descriptor `file`, which stays the caller's. `memory` is what it may take at most, in
 * bytes, `max_side` as in PstReadLimits. FALSE on error: UNSUPPORTED of PST_PICTURE_ERROR, for the picture `name`. */
gboolean pst_loader_process_start(PstLoaderProcess *process, int file, PstFormat format, guint64 memory, int max_side,
                                  const char *name, GCancellable *cancellable, GError **error);

/* Asks for the rows, and gives processor time for so many pixels. */
void pst_loader_process_request_rows(PstLoaderProcess *process, guint64 pixels);

/* Waits for a process that has closed its answers, and returns its status as waitpid() has it. */
int pst_loader_process_wait(PstLoaderProcess *process);

/* Ends the process, if it runs. */
void pst_loader_process_end(PstLoaderProcess *process);
