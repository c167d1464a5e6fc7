/* What the fuzz targets share. Each target is a file with LLVMFuzzerTestOneInput(); it is linked with libFuzzer where
 * the compiler is clang and -Dfuzz=true, and with driver.c otherwise. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer or the driver, again and again. Returns 0; a fault ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes, which is the same one at each call; for functions that read files. */
const char *fuzz_file(const uint8_t *data, size_t size);
