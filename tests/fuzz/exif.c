/* Reading and rewriting EXIF and IPTC. */
#include "fuzz.h"

#include "engine/picture/exif.h"
#include "engine/picture/iptc.h"
#include "engine/picture/raw_profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) block = g_bytes_new(data, size);
    for (int place = 0; place < 2; place++) {
        const PstExifChanges changes = { 3, 2, 72, 72, place, !place };
        g_autoptr(GBytes) exif = pst_exif_rewrite(block, &changes);
        g_autoptr(GBytes) iptc = pst_iptc_rewrite(block, place);
        g_autoptr(GBytes) resources = iptc ? pst_iptc_to_resources(iptc) : NULL;
        g_assert_true(!exif || g_bytes_get_size(exif) <= 60000);
    }
    pst_exif_parse(data, size);
    g_autoptr(GBytes) records = pst_iptc_from_resources(data, size);
    g_autoptr(GBytes) raw = pst_raw_profile_decode((const char *)data, size);
    return 0;
}
