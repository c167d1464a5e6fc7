/* Reading model files: any safetensors, and as a generator. */
#include "fuzz.h"

#include "engine/network/model.h"
#include "engine/network/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(data, size);
    pst_tensors_free(pst_tensors_read(path, NULL, NULL));
    pst_model_free(pst_model_load(path, path, NULL));
    return 0;
}
