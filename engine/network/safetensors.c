#include "safetensors_private.h"
#include "float16.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define ALIGNMENT 64

typedef struct {
    PstTensor tensor;
    gsize begin, end; /* in the data behind the header */
} Entry;

struct PstTensors {
    char *file;     /* what errors call it */
    json_t *header; /* owns the names and the metadata */
    Entry *entries; /* sorted by name */
    guint count;
    guint8 *arena; /* all values */
};

const PstTensorTypeInfo pst_tensor_types[] = {
    [PST_TENSOR_F32] = { "F32", 4 },
    [PST_TENSOR_F16] = { "F16", 2 },
    [PST_TENSOR_U8] = { "U8", 1 },
};

G_DEFINE_QUARK(pst-tensors-error-quark, pst_tensors_error);

/* ---- Shared with the writer ---- */

static gboolean breaks_line(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* File names and texts from a file may hold anything; a message must stay one line. */
static char *one_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(line, breaks_line(c) ? '?' : c);
    }
    return g_string_free(line, FALSE);
}

gboolean pst_tensors_refuse(GError **error, const char *file, PstTensorsError code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *reason = g_strdup_vprintf(_(format), arguments);
    va_end(arguments);
    g_autofree char *message = g_strdup_printf("%s: %s", file, reason);
    g_autofree char *line = one_line(message);
    g_set_error_literal(error, PST_TENSORS_ERROR, code, line);
    return FALSE;
}

const char *pst_tensors_name_fault(const char *name)
{
    if (!*name) {
        return N_("is empty");
    }
    if (strlen(name) > PST_TENSORS_MAX_NAME) {
        return N_("is too long");
    }
    if (!g_utf8_validate(name, -1, NULL)) {
        return N_("is not valid UTF-8");
    }
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (breaks_line(c) || !g_unichar_isprint(c)) {
            return N_("has an unprintable character");
        }
    }
    return NULL;
}

gboolean pst_tensors_measure(const int *shape, int dims, PstTensorType type, gsize *count, gsize *bytes)
{
    if (dims < 0 || dims > PST_TENSORS_MAX_DIMS) {
        return FALSE;
    }
    *count = 1;
    for (int i = 0; i < dims; i++) {
        if (shape[i] < 0 || !g_size_checked_mul(count, *count, (gsize)shape[i])) {
            return FALSE;
        }
    }
    return g_size_checked_mul(bytes, *count, pst_tensor_types[type].width);
}

/* ---- Reading ---- */

static gboolean read_shape(const json_t *json, PstTensor *tensor)
{
    if (!json_is_array(json) || json_array_size(json) > PST_TENSORS_MAX_DIMS) {
        return FALSE;
    }
    tensor->dims = (int)json_array_size(json);
    for (int i = 0; i < tensor->dims; i++) {
        const json_t *side = json_array_get(json, i);
        if (!json_is_integer(side) || json_integer_value(side) < 0 || json_integer_value(side) > G_MAXINT) {
            return FALSE;
        }
        tensor->shape[i] = (int)json_integer_value(side);
    }
    return TRUE;
}

static gboolean read_offset(const json_t *json, gsize limit, gsize *offset)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0 || (guint64)json_integer_value(json) > limit) {
        return FALSE;
    }
    *offset = (gsize)json_integer_value(json);
    return TRUE;
}

static gboolean read_entry(Entry *entry, const json_t *json, gsize data_size, const char *file, GError **error)
{
    PstTensor *tensor = &entry->tensor;
    const char *fault = pst_tensors_name_fault(tensor->name);
    if (fault) {
        return refuse(error, file, DAMAGED, "the name of a tensor %s", _(fault));
    }
    const json_t *dtype = json_object_get(json, "dtype");
    const json_t *shape = json_object_get(json, "shape");
    const json_t *offsets = json_object_get(json, "data_offsets");
    if (json_object_size(json) != 3 || !json_is_string(dtype) || !shape || !offsets) {
        return refuse(error, file, DAMAGED, "the entry of '%s' is not dtype, shape and data_offsets", tensor->name);
    }
    guint type = 0;
    while (type < G_N_ELEMENTS(pst_tensor_types) &&
           strcmp(pst_tensor_types[type].name, json_string_value(dtype)) != 0) {
        type++;
    }
    if (type == G_N_ELEMENTS(pst_tensor_types)) {
        return refuse(error, file, DAMAGED, "'%s' has dtype '%.16s', not F32, F16 or U8", tensor->name,
                      json_string_value(dtype));
    }
    tensor->type = type;
    gsize bytes;
    if (!read_shape(shape, tensor) || !pst_tensors_measure(tensor->shape, tensor->dims, type, &tensor->count, &bytes)) {
        return refuse(error, file, DAMAGED, "'%s' has an impossible shape", tensor->name);
    }
    if (!json_is_array(offsets) || json_array_size(offsets) != 2 ||
        !read_offset(json_array_get(offsets, 0), data_size, &entry->begin) ||
        !read_offset(json_array_get(offsets, 1), data_size, &entry->end) || entry->begin > entry->end) {
        return refuse(error, file, DAMAGED, "'%s' has impossible offsets, or the file is cut short", tensor->name);
    }
    if (entry->end - entry->begin != bytes) {
        return refuse(error, file, DAMAGED, "'%s' has %zu bytes where its shape needs %zu", tensor->name,
                      entry->end - entry->begin, bytes);
    }
    return TRUE;
}

static gboolean check_metadata(json_t *metadata, const char *file, GError **error)
{
    const char *key;
    json_t *value;
    gboolean sound = json_is_object(metadata);
    json_object_foreach(metadata, key, value) {
        sound = sound && json_is_string(value);
    }
    if (!sound) {
        refuse(error, file, DAMAGED, "%s does not map strings to strings", PST_TENSORS_METADATA);
    }
    return sound;
}

static gboolean read_entries(PstTensors *tensors, gsize data_size, GError **error)
{
    tensors->entries = g_new0(Entry, json_object_size(tensors->header) + 1);
    const char *key;
    json_t *value;
    json_object_foreach(tensors->header, key, value) {
        if (strcmp(key, PST_TENSORS_METADATA) == 0) {
            if (!check_metadata(value, tensors->file, error)) {
                return FALSE;
            }
            continue;
        }
        Entry *entry = &tensors->entries[tensors->count++];
        entry->tensor.name = key;
        if (!read_entry(entry, value, data_size, tensors->file, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static int by_offset(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    if (x->begin != y->begin) {
        return x->begin < y->begin ? -1 : 1;
    }
    return x->end < y->end ? -1 : x->end > y->end; /* empty tensors first */
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const Entry *)a)->tensor.name, ((const Entry *)b)->tensor.name);
}

/* Leaves the entries sorted by offset. */
static gboolean check_cover(PstTensors *tensors, gsize data_size, GError **error)
{
    qsort(tensors->entries, tensors->count, sizeof(Entry), by_offset);
    gsize covered = 0;
    for (guint i = 0; i < tensors->count; i++) {
        const Entry *entry = &tensors->entries[i];
        if (entry->begin != covered) {
            return refuse(error, tensors->file, DAMAGED, "the data of '%s' %s", entry->tensor.name,
                          entry->begin < covered ? _("overlaps another tensor's") : _("comes after a hole"));
        }
        covered = entry->end;
    }
    if (covered != data_size) {
        return refuse(error, tensors->file, DAMAGED, "%zu bytes at the end belong to no tensor", data_size - covered);
    }
    return TRUE;
}

static gboolean decode_f32(float *out, const guint8 *in, gsize count)
{
    guint32 finite = 1;
    for (gsize i = 0; i < count; i++) {
        guint32 bits;
        memcpy(&bits, in + i * sizeof bits, sizeof bits);
        bits = GUINT32_FROM_LE(bits);
        finite &= (bits & 0x7f800000) != 0x7f800000;
        out[i] = pst_float_from_bits(bits);
    }
    return finite;
}

static gboolean decode_f16(float *out, const guint8 *in, gsize count)
{
    gboolean finite = TRUE;
    for (gsize i = 0; i < count; i++) {
        guint16 half;
        memcpy(&half, in + i * sizeof half, sizeof half);
        half = GUINT16_FROM_LE(half);
        finite &= pst_float16_is_finite(half);
        out[i] = pst_float16_to_float(half);
    }
    return finite;
}

static gsize decoded_size(const PstTensor *tensor)
{
    gsize bytes = tensor->count * (tensor->type == PST_TENSOR_U8 ? 1 : sizeof(float));
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static gboolean decode(PstTensors *tensors, const guint8 *data, GError **error)
{
    /* check_cover() bounds all counts together by the size of the file: this cannot overflow. */
    gsize size = ALIGNMENT;
    for (guint i = 0; i < tensors->count; i++) {
        size += decoded_size(&tensors->entries[i].tensor);
    }
    tensors->arena = aligned_alloc(ALIGNMENT, size);
    if (!tensors->arena) {
        return refuse(error, tensors->file, LIMIT, "there is not enough memory for its tensors");
    }
    guint8 *out = tensors->arena;
    for (guint i = 0; i < tensors->count; i++) {
        PstTensor *tensor = &tensors->entries[i].tensor;
        const guint8 *in = data + tensors->entries[i].begin;
        gboolean finite = TRUE;
        if (tensor->type == PST_TENSOR_U8) {
            tensor->bytes = out;
            if (tensor->count) {
                memcpy(out, in, tensor->count);
            }
        } else {
            tensor->floats = (const float *)out;
            finite = tensor->type == PST_TENSOR_F32 ? decode_f32((float *)out, in, tensor->count)
                                                    : decode_f16((float *)out, in, tensor->count);
        }
        if (!finite) {
            return refuse(error, tensors->file, DAMAGED, "'%s' holds a NaN or an infinity", tensor->name);
        }
        out += decoded_size(tensor);
    }
    return TRUE;
}

/* The JSON object at the start of `data`; `length` is set to all bytes before the tensors. */
static json_t *read_header(const guint8 *data, gsize size, gsize *length, const char *file, GError **error)
{
    guint64 stated;
    if (size < sizeof stated) {
        refuse(error, file, DAMAGED, "the file is cut short");
        return NULL;
    }
    memcpy(&stated, data, sizeof stated);
    stated = GUINT64_FROM_LE(stated);
    if (stated > PST_TENSORS_MAX_HEADER) {
        refuse(error, file, DAMAGED, "not a safetensors file, or its header is over 1 MiB");
        return NULL;
    }
    if (stated > size - sizeof stated) {
        refuse(error, file, DAMAGED, "the file is cut short");
        return NULL;
    }
    *length = sizeof stated + (gsize)stated;

    const char *text = (const char *)data + sizeof stated;
    gsize text_length = (gsize)stated;
    while (text_length && text[text_length - 1] == ' ') {
        text_length--;
    }
    if (text_length < 2 || text[0] != '{' || text[text_length - 1] != '}') {
        refuse(error, file, DAMAGED, "the header is not a JSON object");
        return NULL;
    }
    json_error_t fault;
    json_t *header = json_loadb(text, text_length, JSON_REJECT_DUPLICATES, &fault);
    if (!header) {
        refuse(error, file, DAMAGED, "the header is not valid JSON: %s", fault.text);
    }
    return header;
}

PstTensors *pst_tensors_from_bytes(GBytes *bytes, const char *file, const PstTensorsLimits *limits, GError **error)
{
    g_return_val_if_fail(bytes && file, NULL);
    gsize file_limit = limits && limits->file_bytes ? limits->file_bytes : PST_TENSORS_MAX_FILE;
    guint count_limit = limits && limits->count ? limits->count : PST_TENSORS_MAX_COUNT;
    gsize size, length;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    if (size > file_limit) {
        refuse(error, file, LIMIT, "over the limit of %zu bytes", file_limit);
        return NULL;
    }
    json_t *header = read_header(data, size, &length, file, error);
    if (!header) {
        return NULL;
    }
    g_autoptr(PstTensors) tensors = g_new0(PstTensors, 1);
    tensors->file = g_strdup(file);
    tensors->header = header;
    gsize others = json_object_get(header, PST_TENSORS_METADATA) ? 1 : 0;
    if (json_object_size(header) - others > count_limit) {
        refuse(error, file, LIMIT, "over the limit of %u tensors", count_limit);
        return NULL;
    }
    if (!read_entries(tensors, size - length, error) || !check_cover(tensors, size - length, error) ||
        !decode(tensors, data + length, error)) {
        return NULL;
    }
    qsort(tensors->entries, tensors->count, sizeof(Entry), by_name);
    return g_steal_pointer(&tensors);
}

/* All bytes of an open regular file of at most `limit` bytes. */
static GBytes *read_open_file(int fd, gsize limit, const char *file, GError **error)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        refuse(error, file, READ, "cannot be read (%s)", g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        refuse(error, file, READ, "not a regular file");
        return NULL;
    }
    if ((guint64)status.st_size > limit) {
        refuse(error, file, LIMIT, "over the limit of %zu bytes", limit);
        return NULL;
    }
    gsize size = (gsize)status.st_size;
    g_autofree guint8 *data = g_try_malloc(MAX(size, 1));
    if (!data) {
        refuse(error, file, LIMIT, "there is not enough memory to read it");
        return NULL;
    }
    for (gsize done = 0; done < size;) {
        gssize n = read(fd, data + done, size - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            refuse(error, file, READ, "cannot be read (%s)", n < 0 ? g_strerror(errno) : "it became shorter meanwhile");
            return NULL;
        }
        done += (gsize)n;
    }
    return g_bytes_new_take(g_steal_pointer(&data), size);
}

PstTensors *pst_tensors_read(const char *path, const PstTensorsLimits *limits, GError **error)
{
    g_return_val_if_fail(path, NULL);
    g_autofree char *file = g_filename_display_name(path);
    int fd = g_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0); /* a FIFO must not hang us */
    if (fd < 0) {
        refuse(error, file, READ, "cannot be opened (%s)", g_strerror(errno));
        return NULL;
    }
    gsize limit = limits && limits->file_bytes ? limits->file_bytes : PST_TENSORS_MAX_FILE;
    g_autoptr(GBytes) bytes = read_open_file(fd, limit, file, error);
    close(fd);
    return bytes ? pst_tensors_from_bytes(bytes, file, limits, error) : NULL;
}

void pst_tensors_free(PstTensors *tensors)
{
    if (!tensors) {
        return;
    }
    free(tensors->arena);
    g_free(tensors->entries);
    json_decref(tensors->header);
    g_free(tensors->file);
    g_free(tensors);
}

/* ---- Looking up ---- */

guint pst_tensors_count(const PstTensors *tensors)
{
    return tensors->count;
}

const PstTensor *pst_tensors_at(const PstTensors *tensors, guint index)
{
    g_return_val_if_fail(index < tensors->count, NULL);
    return &tensors->entries[index].tensor;
}

const PstTensor *pst_tensors_find(const PstTensors *tensors, const char *name)
{
    Entry key = { .tensor.name = name };
    const Entry *entry = bsearch(&key, tensors->entries, tensors->count, sizeof(Entry), by_name);
    return entry ? &entry->tensor : NULL;
}

static char *shape_text(const int *shape, int dims)
{
    GString *text = g_string_new("[");
    for (int i = 0; i < dims; i++) {
        g_string_append(text, i ? ", " : "");
        if (shape[i] == PST_TENSORS_ANY) {
            g_string_append(text, "any");
        } else {
            g_string_append_printf(text, "%d", shape[i]);
        }
    }
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

static const PstTensor *require(const PstTensors *tensors, const char *name, gboolean bytes, const int *shape, int dims,
                                GError **error)
{
    const PstTensor *tensor = pst_tensors_find(tensors, name);
    if (!tensor) {
        refuse(error, tensors->file, MISMATCH, "lacks the tensor '%s'", name);
        return NULL;
    }
    if (bytes != (tensor->type == PST_TENSOR_U8)) {
        refuse(error, tensors->file, MISMATCH, "'%s' is %s, not %s", name, pst_tensor_types[tensor->type].name,
               bytes ? "U8" : "F32 or F16");
        return NULL;
    }
    gboolean same = tensor->dims == dims;
    for (int i = 0; same && i < dims; i++) {
        same = shape[i] == PST_TENSORS_ANY || shape[i] == tensor->shape[i];
    }
    if (!same) {
        g_autofree char *found = shape_text(tensor->shape, tensor->dims);
        g_autofree char *wanted = shape_text(shape, dims);
        refuse(error, tensors->file, MISMATCH, "'%s' has shape %s, not %s", name, found, wanted);
        return NULL;
    }
    return tensor;
}

const float *pst_tensors_get(const PstTensors *tensors, const char *name, const int *shape, int dims, GError **error)
{
    const PstTensor *tensor = require(tensors, name, FALSE, shape, dims, error);
    return tensor ? tensor->floats : NULL;
}

gboolean pst_tensors_copy(const PstTensors *tensors, const char *name, int rows, int columns, float *to, GError **error)
{
    const float *floats = pst_tensors_get(tensors, name, (int[]){ rows, columns }, columns ? 2 : 1, error);

    if (floats) {
        memcpy(to, floats, (gsize)rows * MAX(1, columns) * sizeof *to);
    }
    return floats != NULL;
}

const guint8 *pst_tensors_get_bytes(const PstTensors *tensors, const char *name, const int *shape, int dims,
                                    GError **error)
{
    const PstTensor *tensor = require(tensors, name, TRUE, shape, dims, error);
    return tensor ? tensor->bytes : NULL;
}

gboolean pst_tensors_check_names(const PstTensors *tensors, const char *const *known, GError **error)
{
    for (guint i = 0; i < tensors->count; i++) {
        const char *name = tensors->entries[i].tensor.name;
        if (!g_strv_contains(known, name)) {
            return refuse(error, tensors->file, MISMATCH, "has an unknown tensor '%s'", name);
        }
    }
    return TRUE;
}

const char *pst_tensors_metadata(const PstTensors *tensors, const char *key)
{
    const json_t *metadata = json_object_get(tensors->header, PST_TENSORS_METADATA);
    return json_string_value(json_object_get(metadata, key));
}
