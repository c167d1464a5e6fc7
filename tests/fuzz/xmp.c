/* Rewriting XMP; the first byte chooses what changes. */
#include "fuzz.h"

#include "engine/picture/xmp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || !g_utf8_validate((const char *)data + 1, (gssize)size - 1, NULL))
        return 0;
    const PstProvenanceStyle style = { "Style", "Licence" };
    const PstProvenance provenance = { "Program", &style, 1, FALSE };
    const PstXmpChanges changes = { .width = 3,
                                    .height = 2,
                                    .orientation = data[0] & 7,
                                    .resized = (data[0] & 8) != 0,
                                    .place = (data[0] & 16) != 0,
                                    .most = data[0] & 32 ? 600 : 65000,
                                    .provenance = data[0] & 64 ? &provenance : NULL };
    g_autoptr(GBytes) packet = g_bytes_new(data + 1, size - 1);
    guint lost = 0;
    g_autoptr(GBytes) rewritten = pst_xmp_rewrite(packet, &changes, &lost);
    g_assert_true(!rewritten || g_bytes_get_size(rewritten) <= changes.most);
    pst_xmp_orientation(packet);
    return 0;
}
