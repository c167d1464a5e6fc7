#include "safetensors_writer.h"

#include "engine/base/memory.h"
#include "engine/base/memory_guard.h"
#include "float16.h"
#include "safetensors_private.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *name;
    PstTensorType type;
    int dims;
    int shape[PST_TENSORS_MAX_DIMS];
    gsize size;   /* bytes */
    guint8 *data; /* as in the file */
} Item;

struct PstTensorsWriter {
    GPtrArray *items;
    json_t *metadata;
    char *fault; /* the first thing that cannot be written */
};

static void item_free(gpointer data)
{
    Item *item = data;
    g_free(item->name);
    pst_memory_free(item->data);
    g_free(item);
}

PstTensorsWriter *pst_tensors_writer_new(void)
{
    PstTensorsWriter *writer = g_new0(PstTensorsWriter, 1);
    writer->items = g_ptr_array_new_with_free_func(item_free);
    writer->metadata = json_object();
    return writer;
}

void pst_tensors_writer_free(PstTensorsWriter *writer)
{
    if (!writer) {
        return;
    }
    g_ptr_array_unref(writer->items);
    json_decref(writer->metadata);
    g_free(writer->fault);
    g_free(writer);
}

static void G_GNUC_PRINTF(2, 3) remember(PstTensorsWriter *writer, const char *format, ...)
{
    if (writer->fault) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    writer->fault = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* An item with room for its data, owned by the writer; NULL if it cannot be written. */
static Item *add_item(PstTensorsWriter *writer, const char *name, PstTensorType type, const int *shape, int dims,
                      gsize *count)
{
    const char *name_fault = pst_tensors_name_fault(name);
    gsize size;
    if (name_fault) {
        remember(writer, "the name of a tensor %s", name_fault);
        return NULL;
    }
    if (strcmp(name, PST_TENSORS_METADATA) == 0) {
        remember(writer, "no tensor can be named " PST_TENSORS_METADATA);
        return NULL;
    }
    if (!pst_tensors_measure(shape, dims, type, count, &size) || size > PST_TENSORS_MAX_FILE) {
        remember(writer, "'%s' has an impossible shape", name);
        return NULL;
    }
    Item *item = g_new0(Item, 1);
    item->name = g_strdup(name);
    item->type = type;
    item->dims = dims;
    for (int i = 0; i < dims; i++) {
        item->shape[i] = shape[i];
    }
    item->size = size;
    item->data = pst_memory_new(MAX(size, 1), G_MEM_ALIGN);
    g_ptr_array_add(writer->items, item);
    return item;
}

void pst_tensors_writer_add(PstTensorsWriter *writer, const char *name, PstTensorType type, const float *values,
                            const int *shape, int dims)
{
    g_return_if_fail(type == PST_TENSOR_F32 || type == PST_TENSOR_F16);
    gsize count;
    Item *item = add_item(writer, name, type, shape, dims, &count);
    if (!item) {
        return;
    }
    gboolean fits = TRUE;
    for (gsize i = 0; i < count; i++) {
        if (type == PST_TENSOR_F32) {
            guint32 bits = GUINT32_TO_LE(pst_float_to_bits(values[i]));
            memcpy(item->data + i * sizeof bits, &bits, sizeof bits);
            fits &= isfinite(values[i]) != 0;
        } else {
            guint16 half = 0;
            fits &= pst_float16_from_float(values[i], &half);
            half = GUINT16_TO_LE(half);
            memcpy(item->data + i * sizeof half, &half, sizeof half);
        }
    }
    if (!fits) {
        remember(writer, "'%s' holds a value that is not finite or too large for %s", name,
                 pst_tensor_types[type].name);
    }
}

void pst_tensors_writer_add_bytes(PstTensorsWriter *writer, const char *name, const guint8 *values, const int *shape,
                                  int dims)
{
    gsize count;
    Item *item = add_item(writer, name, PST_TENSOR_U8, shape, dims, &count);
    if (item && count) {
        memcpy(item->data, values, count);
    }
}

void pst_tensors_writer_set_metadata(PstTensorsWriter *writer, const char *key, const char *value)
{
    if (json_object_set_new(writer->metadata, key, json_string(value)) != 0) {
        remember(writer, "a text of the metadata is not valid UTF-8");
    }
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp((*(Item *const *)a)->name, (*(Item *const *)b)->name);
}

static json_t *describe(const Item *item, gsize begin)
{
    json_t *shape = json_array();
    for (int i = 0; i < item->dims; i++) {
        json_array_append_new(shape, json_integer(item->shape[i]));
    }
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", pst_tensor_types[item->type].name, "shape", shape, "data_offsets",
                     (json_int_t)begin, (json_int_t)(begin + item->size));
}

/* The header's text, padded; `data_size` is set to the bytes of all tensors. Items must be sorted.
 */
static GString *header_text(const PstTensorsWriter *writer, gsize *data_size)
{
    json_t *header = json_object();
    if (json_object_size(writer->metadata)) {
        json_object_set(header, PST_TENSORS_METADATA, writer->metadata);
    }
    *data_size = 0;
    for (guint i = 0; i < writer->items->len; i++) {
        const Item *item = g_ptr_array_index(writer->items, i);
        json_object_set_new(header, item->name, describe(item, *data_size));
        *data_size += item->size;
    }
    char *json = json_dumps(header, JSON_COMPACT);
    GString *text = g_string_new(json);
    free(json);
    json_decref(header);
    while (text->len % 8) {
        g_string_append_c(text, ' ');
    }
    return text;
}

GBytes *pst_tensors_writer_to_bytes(PstTensorsWriter *writer, const char *file, GError **error)
{
    g_ptr_array_sort(writer->items, by_name);
    for (guint i = 1; i < writer->items->len; i++) {
        const Item *item = g_ptr_array_index(writer->items, i);
        const Item *previous = g_ptr_array_index(writer->items, i - 1);
        if (strcmp(previous->name, item->name) == 0) {
            remember(writer, "there are two tensors named '%s'", item->name);
        }
    }
    if (writer->fault) {
        pst_tensors_refuse(error, file, PST_TENSORS_ERROR_VALUE, "%s", writer->fault);
        return NULL;
    }
    if (writer->items->len > PST_TENSORS_MAX_COUNT) {
        refuse(error, file, LIMIT, "over the limit of %u tensors", PST_TENSORS_MAX_COUNT);
        return NULL;
    }
    gsize data_size;
    GString *header = header_text(writer, &data_size);
    gsize size = sizeof(guint64) + header->len + data_size;
    if (header->len > PST_TENSORS_MAX_HEADER || size > PST_TENSORS_MAX_FILE) {
        refuse(error, file, LIMIT, "its header would be over 1 MiB or the file over %zu bytes", PST_TENSORS_MAX_FILE);
        g_string_free(header, TRUE);
        return NULL;
    }
    guint8 *bytes = g_try_malloc(size);
    if (!bytes) {
        refuse(error, file, LIMIT, "there is not enough memory to write it");
        g_string_free(header, TRUE);
        return NULL;
    }
    guint64 length = GUINT64_TO_LE((guint64)header->len);
    guint8 *out = bytes;
    memcpy(out, &length, sizeof length);
    out += sizeof length;
    memcpy(out, header->str, header->len);
    out += header->len;
    g_string_free(header, TRUE);
    for (guint i = 0; i < writer->items->len; i++) {
        const Item *item = g_ptr_array_index(writer->items, i);
        if (item->size) {
            memcpy(out, item->data, item->size);
            out += item->size;
        }
    }
    return g_bytes_new_take(bytes, size);
}

gboolean pst_tensors_writer_save(PstTensorsWriter *writer, const char *path, GError **error)
{
    g_autofree char *file = g_filename_display_name(path);
    g_autoptr(GBytes) bytes = pst_tensors_writer_to_bytes(writer, file, error);
    if (!bytes) {
        return FALSE;
    }
    g_autoptr(GError) fault = NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    if (!g_file_set_contents_full(path, data, (gssize)size,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &fault)) {
        return refuse(error, file, WRITE, "cannot be written (%s)", fault->message);
    }
    return TRUE;
}
