/* Reading masks as texts, and writing what was read. */
#include "fuzz.h"

#include "engine/paint/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    PstMask *mask = pst_mask_from_text(text);
    if (mask) {
        g_autofree char *again = pst_mask_to_text(mask);
        PstMask *same = pst_mask_from_text(again);
        g_assert_nonnull(same);
        pst_mask_unref(same);
        pst_mask_unref(mask);
    }
    return 0;
}
