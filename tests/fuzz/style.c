/* Reading style files. */
#include "fuzz.h"

#include "engine/style/style.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pst_style_free(pst_style_read(fuzz_file(data, size), NULL));
    return 0;
}
