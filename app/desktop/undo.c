#include "undo.h"

#define STEPS 500

struct PstUndo {
    GPtrArray *looks;
    guint current;
    char *merge; /* of the current step, or NULL */
};

PstUndo *pst_undo_new(PstLook *look)
{
    PstUndo *undo = g_new0(PstUndo, 1);

    undo->looks = g_ptr_array_new_with_free_func((GDestroyNotify)pst_look_unref);
    g_ptr_array_add(undo->looks, pst_look_ref(look));
    return undo;
}

void pst_undo_free(PstUndo *undo)
{
    g_ptr_array_unref(undo->looks);
    g_free(undo->merge);
    g_free(undo);
}

PstLook *pst_undo_current(const PstUndo *undo)
{
    return undo->looks->pdata[undo->current];
}

gboolean pst_undo_push(PstUndo *undo, PstLook *look, const char *merge)
{
    gboolean same_step = merge && g_strcmp0(merge, undo->merge) == 0 && undo->current > 0;

    if (pst_look_equal(look, pst_undo_current(undo))) {
        return FALSE;
    }
    g_ptr_array_set_size(undo->looks, (int)(undo->current + (same_step ? 0 : 1)));
    g_ptr_array_add(undo->looks, pst_look_ref(look));
    if (undo->looks->len > STEPS) {
        g_ptr_array_remove_index(undo->looks, 0);
    }
    undo->current = undo->looks->len - 1;
    g_free(undo->merge);
    undo->merge = g_strdup(merge);
    return TRUE;
}

void pst_undo_settle(PstUndo *undo)
{
    g_clear_pointer(&undo->merge, g_free);
}

gboolean pst_undo_can_undo(const PstUndo *undo)
{
    return undo->current > 0;
}

gboolean pst_undo_can_redo(const PstUndo *undo)
{
    return undo->current + 1 < undo->looks->len;
}

gboolean pst_undo_back(PstUndo *undo)
{
    pst_undo_settle(undo);
    if (!pst_undo_can_undo(undo)) {
        return FALSE;
    }
    undo->current--;
    return TRUE;
}

gboolean pst_undo_forward(PstUndo *undo)
{
    pst_undo_settle(undo);
    if (!pst_undo_can_redo(undo)) {
        return FALSE;
    }
    undo->current++;
    return TRUE;
}
