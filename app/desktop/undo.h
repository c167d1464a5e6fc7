/* The looks that were set one after the other, and where in them one is. */
#pragma once

#include "engine/paint/look.h"

typedef struct PstUndo PstUndo;

/** Begins with one look. */
PstUndo *pst_undo_new(PstLook *look);
void pst_undo_free(PstUndo *undo);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstUndo, pst_undo_free)

/** The look where one is; owned by the list. */
PstLook *pst_undo_current(const PstUndo *undo);

/** Adds a look after the current one and goes there; what could be redone is dropped. With the same `merge` key as the
 *  step before (not NULL) it takes that step's place, so that a slider's way is one step. FALSE when it equals the
 *  current one. */
gboolean pst_undo_push(PstUndo *undo, PstLook *look, const char *merge);

/** Ends merging: the next push is a step of its own. */
void pst_undo_settle(PstUndo *undo);

gboolean pst_undo_can_undo(const PstUndo *undo);
gboolean pst_undo_can_redo(const PstUndo *undo);

/** Goes back or forward by one, if there is one. */
gboolean pst_undo_back(PstUndo *undo);
gboolean pst_undo_forward(PstUndo *undo);
