/* What the tests of safetensors files share. */
#pragma once

#include "engine/network/safetensors_writer.h"

/** Shape of the sample's "a.weight" (F32) and "b.weight" (F16), and their value number i. */
extern const int sample_weight_shape[4];
float sample_weight_at(int i);

/** Shape of "empty" (F32) and of "thumbnail" (U8), which counts up in fifteens. */
extern const int sample_empty_shape[2];
extern const int sample_thumbnail_shape[3];

/** The one value of "scale" and of "\xc3\xa9"; "Z" holds 0 as F16. */
extern const float sample_scale;

/** A writer with one of everything, and the file it makes. */
PstTensorsWriter *sample_writer(void);
GBytes *sample_bytes(void);

/** A file put together by hand: length, header text, data. */
GBytes *assemble(const char *header, const void *data, gsize size);

/** An error of this module, one line of valid UTF-8 that begins with `file` and says what to do. */
void assert_one_line(const GError *error, const char *file);

/** `text`, many times over. */
char *repeat(const char *text, gsize times);
