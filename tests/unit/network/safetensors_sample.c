#include "safetensors_sample.h"

#include <string.h>

const int sample_weight_shape[4] = { 2, 1, 3, 3 };
const int sample_thumbnail_shape[3] = { 2, 3, 3 };
const int sample_empty_shape[2] = { 0, 5 };
static const float no_value = 0.0f;
const float sample_scale = -2.5f;

float sample_weight_at(int i)
{
    return (float)(i - 9) / 8.0f; /* exact in F16 */
}

PstTensorsWriter *sample_writer(void)
{
    float weights[18];
    guint8 thumbnail[18];
    for (int i = 0; i < 18; i++) {
        weights[i] = sample_weight_at(i);
        thumbnail[i] = (guint8)(i * 15);
    }
    PstTensorsWriter *writer = pst_tensors_writer_new();
    pst_tensors_writer_set_metadata(writer, "name", "Sk\xc3\xadzza \"1\"\n\\ \xf0\x9f\x8e\xa8");
    pst_tensors_writer_set_metadata(writer, "author", "draft");
    pst_tensors_writer_set_metadata(writer, "licence", "CC0/1.0");
    pst_tensors_writer_set_metadata(writer, "author", "Anonymous");
    pst_tensors_writer_add_bytes(writer, "thumbnail", thumbnail, sample_thumbnail_shape, 3);
    pst_tensors_writer_add(writer, "b.weight", PST_TENSOR_F16, weights, sample_weight_shape, 4);
    pst_tensors_writer_add(writer, "a.weight", PST_TENSOR_F32, weights, sample_weight_shape, 4);
    pst_tensors_writer_add(writer, "scale", PST_TENSOR_F32, &sample_scale, NULL, 0);
    pst_tensors_writer_add(writer, "empty", PST_TENSOR_F32, NULL, sample_empty_shape, 2);
    pst_tensors_writer_add(writer, "Z", PST_TENSOR_F16, &no_value, NULL, 0);
    pst_tensors_writer_add(writer, "\xc3\xa9", PST_TENSOR_F32, &sample_scale, NULL, 0);
    return writer;
}

GBytes *sample_bytes(void)
{
    g_autoptr(PstTensorsWriter) writer = sample_writer();
    GError *error = NULL;
    GBytes *bytes = pst_tensors_writer_to_bytes(writer, "sample", &error);
    g_assert_no_error(error);
    return bytes;
}

GBytes *assemble(const char *header, const void *data, gsize size)
{
    GByteArray *file = g_byte_array_new();
    guint64 length = GUINT64_TO_LE((guint64)strlen(header));
    g_byte_array_append(file, (const guint8 *)&length, sizeof length);
    g_byte_array_append(file, (const guint8 *)header, strlen(header));
    if (size) {
        g_byte_array_append(file, data, size);
    }
    return g_byte_array_free_to_bytes(file);
}

void assert_one_line(const GError *error, const char *file)
{
    g_assert_nonnull(error);
    g_assert_true(error->domain == PST_TENSORS_ERROR);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
    g_assert_true(g_str_has_prefix(error->message, file));
    g_assert_null(strstr(error->message, "; ")); /* facts alone */
    g_assert_cmpuint(strlen(error->message), <, 1000);
    for (const char *p = error->message; *p; p++) {
        g_assert_false(g_ascii_iscntrl(*p));
    }
}

char *repeat(const char *text, gsize times)
{
    GString *all = g_string_new(NULL);
    while (times--) {
        g_string_append(all, text);
    }
    return g_string_free(all, FALSE);
}
