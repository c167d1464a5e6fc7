#include "safetensors_sample.h"

#include <math.h>
#include <string.h>

#define HOSTILE "hostile.safetensors"

/* Takes the bytes. */
static void assert_refused(GBytes *bytes, int code, const char *reason)
{
    g_autoptr(GError) error = NULL;
    PstTensors *tensors = pst_tensors_from_bytes(bytes, HOSTILE, NULL, &error);
    if (tensors) {
        g_test_message("not refused: expected '%s'", reason);
    }
    g_assert_null(tensors);
    assert_one_line(error, HOSTILE ": ");
    if (error->code != code || !strstr(error->message, reason)) {
        g_test_message("expected '%s', got '%s'", reason, error->message);
        g_test_fail();
    }
    g_bytes_unref(bytes);
}

static void assert_header_refused(const char *header, gsize size, const char *reason)
{
    g_autofree guint8 *zeros = g_malloc0(size + 1);
    assert_refused(assemble(header, zeros, size), PST_TENSORS_ERROR_DAMAGED, reason);
}

static void test_truncated(void)
{
    g_autoptr(GBytes) bytes = sample_bytes();
    gsize size = g_bytes_get_size(bytes);
    for (gsize n = 0; n < size; n++) { /* the header at every byte, and the data too */
        assert_refused(g_bytes_new_from_bytes(bytes, 0, n), PST_TENSORS_ERROR_DAMAGED, "cut short");
    }
    /* The length says less than the header has. */
    for (gsize n = 0; n < 600; n++) {
        g_autofree guint8 *data = g_memdup2(g_bytes_get_data(bytes, NULL), size);
        guint64 length = GUINT64_TO_LE((guint64)n);
        memcpy(data, &length, sizeof length);
        g_autoptr(GBytes) shorter = g_bytes_new(data, size);
        g_autoptr(GError) error = NULL;
        g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(shorter, HOSTILE, NULL, &error);
        g_assert_true((tensors != NULL) == (error == NULL));
        if (error) {
            assert_one_line(error, HOSTILE ": ");
        }
    }
}

static void test_header_length(void)
{
    const guint64 lengths[] = {
        G_MAXUINT64,
        G_MAXUINT64 - 7,
        G_MAXUINT64 - 8,
        (guint64)1 << 63,
        G_MAXINT64,
        (guint64)1 << 32,
        G_MAXUINT32,
        PST_TENSORS_MAX_HEADER + 1,
        ((guint64)1 << 32) + 2,
        0xfffffffffffffff0u,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        guint64 file[3] = { GUINT64_TO_LE(lengths[i]), 0x7d7b, 0 };
        assert_refused(g_bytes_new(file, sizeof file), PST_TENSORS_ERROR_DAMAGED, "over 1 MiB");
    }
    /* Exactly 1 MiB is a header, one more byte is not. */
    for (int over = 0; over < 2; over++) {
        g_autofree char *header = g_malloc(PST_TENSORS_MAX_HEADER + 2);
        memset(header, ' ', PST_TENSORS_MAX_HEADER + over);
        header[0] = '{';
        header[1] = '}';
        header[PST_TENSORS_MAX_HEADER + over] = '\0';
        g_autoptr(GBytes) bytes = assemble(header, NULL, 0);
        g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, HOSTILE, NULL, NULL);
        g_assert_true((tensors == NULL) == over);
    }
}

#define ENTRY(name, dtype, shape, begin, end)                                                                          \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" #begin "," #end "]}"

static void test_headers(void)
{
    static const struct {
        const char *header;
        gsize size;
        const char *reason;
    } cases[] = {
        /* JSON */
        { "", 0, "not a JSON object" },
        { "{", 0, "not a JSON object" },
        { "[]", 0, "not a JSON object" },
        { "null", 0, "not a JSON object" },
        { " {}", 0, "not a JSON object" },
        { "{}\n", 0, "not a JSON object" },
        { "{}{}", 0, "not valid JSON" },
        { "{\"a\":}", 0, "not valid JSON" },
        { "{'a':1}", 0, "not valid JSON" },
        { "{\"a\":\"\n\"}", 0, "not valid JSON" },
        { "{\"a\":NaN}", 0, "not valid JSON" },
        { "{\"a\\u0000\":1}", 0, "not valid JSON" },
        { "{\"\xff\":1}", 0, "not valid JSON" },
        { "{\"\xc0\xaf\":1}", 0, "not valid JSON" },
        { "{\"\xed\xa0\x80\":1}", 0, "not valid JSON" },
        { "{\"\xf4\x90\x80\x80\":1}", 0, "not valid JSON" },
        { "{\"\xe2\x82\":1}", 0, "not valid JSON" },
        { "{\"\\ud800\":1}", 0, "not valid JSON" },
        { "{\"__metadata__\":{\"a\":\"\xc3\x28\"}}", 0, "not valid JSON" },
        /* Duplicate keys, at every level */
        { "{" ENTRY("a", "U8", "[1]", 0, 1) "," ENTRY("a", "U8", "[1]", 1, 2) "}", 2, "duplicate" },
        { "{" ENTRY("a", "U8", "[1]", 0, 1) "," ENTRY("\\u0061", "U8", "[1]", 0, 1) "}", 1, "duplicate" },
        { "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "duplicate" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "duplicate" },
        { "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "duplicate" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "duplicate" },
        /* Metadata */
        { "{\"__metadata__\":[]}", 0, "__metadata__ does not map" },
        { "{\"__metadata__\":null}", 0, "__metadata__ does not map" },
        { "{\"__metadata__\":\"a\"}", 0, "__metadata__ does not map" },
        { "{\"__metadata__\":{\"k\":1}}", 0, "__metadata__ does not map" },
        { "{\"__metadata__\":{\"k\":\"\",\"l\":{}}}", 0, "__metadata__ does not map" },
        { "{" ENTRY("__metadata__", "U8", "[1]", 0, 1) "}", 1, "__metadata__ does not map" },
        /* Names */
        { "{" ENTRY("", "U8", "[1]", 0, 1) "}", 1, "name of a tensor is empty" },
        { "{" ENTRY("a\\nb", "U8", "[1]", 0, 1) "}", 1, "unprintable" },
        { "{" ENTRY("a\\u2028b", "U8", "[1]", 0, 1) "}", 1, "unprintable" },
        { "{" ENTRY("a\\u202eb", "U8", "[1]", 0, 1) "}", 1, "unprintable" },
        { "{" ENTRY("a\\u001bb", "U8", "[1]", 0, 1) "}", 1, "unprintable" },
        /* Entries */
        { "{\"a\":1}", 0, "entry of 'a'" },
        { "{\"a\":null}", 0, "entry of 'a'" },
        { "{\"a\":[]}", 0, "entry of 'a'" },
        { "{\"a\":{}}", 0, "entry of 'a'" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1, "entry of 'a'" },
        { "{\"a\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "entry of 'a'" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":0}}", 1, "entry of 'a'" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"offsets\":[0,1]}}", 1, "entry of 'a'" },
        { "{\"a\":{\"dtype\":0,\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "entry of 'a'" },
        /* Types */
        { "{" ENTRY("a", "F64", "[1]", 0, 8) "}", 8, "dtype 'F64'" },
        { "{" ENTRY("a", "BF16", "[1]", 0, 2) "}", 2, "dtype 'BF16'" },
        { "{" ENTRY("a", "I8", "[1]", 0, 1) "}", 1, "dtype 'I8'" },
        { "{" ENTRY("a", "u8", "[1]", 0, 1) "}", 1, "dtype 'u8'" },
        { "{" ENTRY("a", "", "[1]", 0, 1) "}", 1, "dtype ''" },
        { "{" ENTRY("a", "\\n\\u2029\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "[1]", 0, 1) "}", 1,
          "dtype '?" },
        /* Shapes */
        { "{" ENTRY("a", "U8", "1", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "null", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "{}", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[1.0]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[\\\"1\\\"]", 0, 1) "}", 1, "not valid JSON" },
        { "{" ENTRY("a", "U8", "[\"1\"]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[[1]]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[true]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[-1]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[-1,-1]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[2147483648]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[9223372036854775807]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[9223372036854775808]", 0, 1) "}", 1, "not valid JSON" },
        { "{" ENTRY("a", "U8", "[1e400]", 0, 1) "}", 1, "not valid JSON" },
        { "{" ENTRY("a", "U8", "[1,1,1,1,1,1,1,1,1]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[65536,65536,65536,65536]", 0, 0) "}", 0, "impossible shape" },
        { "{" ENTRY("a", "F32", "[1073741824,1073741824,4]", 0, 0) "}", 0, "impossible shape" },
        { "{" ENTRY("a", "U8", "[2147483647,2147483647,5]", 0, 1) "}", 1, "impossible shape" },
        { "{" ENTRY("a", "U8", "[2147483647,2147483647]", 0, 1) "}", 1, "its shape needs" },
        { "{" ENTRY("a", "F32", "[2]", 0, 4) "}", 4, "4 bytes where its shape needs 8" },
        { "{" ENTRY("a", "F16", "[]", 0, 1) "}", 1, "1 bytes where its shape needs 2" },
        { "{" ENTRY("a", "U8", "[0]", 0, 1) "}", 1, "1 bytes where its shape needs 0" },
        /* Offsets */
        { "{" ENTRY("a", "U8", "[1]", -1, 0) "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 1, 0) "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 0, 2) "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 0, 1.0) "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 0, "1") "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 0, 9223372036854775807) "}", 1, "impossible offsets" },
        { "{" ENTRY("a", "U8", "[1]", 9223372036854775806, 9223372036854775807) "}", 1, "impossible offsets" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, "impossible offsets" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,1]}}", 1, "impossible offsets" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":{}}}", 1, "impossible offsets" },
        /* Cover */
        { "{" ENTRY("a", "U8", "[1]", 1, 2) "}", 2, "'a' comes after a hole" },
        { "{" ENTRY("a", "U8", "[1]", 0, 1) "," ENTRY("b", "U8", "[1]", 2, 3) "}", 3, "'b' comes after a hole" },
        { "{" ENTRY("b", "U8", "[2]", 1, 3) "," ENTRY("a", "U8", "[2]", 0, 2) "}", 3, "'b' overlaps" },
        { "{" ENTRY("a", "U8", "[2]", 0, 2) "," ENTRY("b", "U8", "[2]", 0, 2) "}", 2, "overlaps" },
        { "{" ENTRY("a", "U8", "[2]", 0, 2) "," ENTRY("b", "U8", "[0]", 1, 1) "}", 2, "overlaps" },
        { "{" ENTRY("a", "U8", "[1]", 0, 1) "}", 2, "1 bytes at the end belong to no tensor" },
        { "{" ENTRY("a", "U8", "[0]", 1, 1) "}", 1, "hole" },
        { "{}", 3, "3 bytes at the end" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_header_refused(cases[i].header, cases[i].size, cases[i].reason);
    }

    /* Sound ones of the same kind, so that the refusals above have one cause each. */
    static const struct {
        const char *header;
        gsize size;
    } sound[] = {
        { "{\"__metadata__\":{}}  ", 0 },
        { "{" ENTRY("b", "U8", "[1]", 1, 2) "," ENTRY("a", "U8", "[1]", 0, 1) "}", 2 },
        { "{" ENTRY("a", "U8", "[2]", 0, 2) "," ENTRY("b", "U8", "[0]", 0, 0) "}", 2 },
        { "{ " ENTRY("a", "F16", "[1,1,1,1,1,1,1,1]", 0, 2) " }", 2 },
        { "{" ENTRY("odd", "U8", "[1]", 0, 1) "," ENTRY("f", "F32", "[1]", 1, 5) "}", 5 },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(sound); i++) {
        g_autofree guint8 *zeros = g_malloc0(sound[i].size + 1);
        g_autoptr(GBytes) bytes = assemble(sound[i].header, zeros, sound[i].size);
        g_autoptr(GError) error = NULL;
        g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, "sound", NULL, &error);
        g_assert_no_error(error);
        g_assert_nonnull(tensors);
    }
}

static void test_large_headers(void)
{
    const char *const openings[] = { "[", "{\"a\":" };
    for (int i = 0; i < 2; i++) { /* nested as deep as a header allows, closed and not */
        g_autofree char *open = repeat(openings[i], 100000);
        g_autofree char *close = repeat(i ? "}" : "]", 100000);
        g_autofree char *closed = g_strdup_printf("{\"x\":%s%s%s}", open, i ? "0" : "", close);
        g_autofree char *unclosed = g_strdup_printf("{\"x\":%s}", open);
        assert_header_refused(closed, 0, "not valid JSON");
        assert_header_refused(unclosed, 0, "not valid JSON");
    }
    g_autofree char *moderate_open = repeat("[", 500);
    g_autofree char *moderate_close = repeat("]", 500);
    g_autofree char *moderate = g_strdup_printf("{\"x\":%s%s}", moderate_open, moderate_close);
    assert_header_refused(moderate, 0, "entry of 'x'");

    g_autofree char *letters = repeat("n", 256);
    g_autofree char *name = g_strdup_printf("{\"%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                                            letters);
    assert_header_refused(name, 0, "too long");
    g_autofree char *garbage = repeat("garbage ", 100000);
    g_autofree char *dtype = g_strdup_printf("{\"a\":{\"dtype\":\"%s\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                                             garbage);
    assert_header_refused(dtype, 0, "dtype 'garbage garbage '");
    g_autofree char *objects = repeat("{},", 300000);
    g_autofree char *many = g_strdup_printf("{\"a\":[%s0]}", objects);
    assert_header_refused(many, 0, "entry of 'a'");

    GString *crowd = g_string_new("{\"__metadata__\":{}");
    for (guint i = 0; i <= PST_TENSORS_MAX_COUNT; i++) {
        g_string_append_printf(crowd,
                               ",\"%u\":{\"dtype\":\"U8\",\"shape\":[0],"
                               "\"data_offsets\":[0,0]}",
                               i);
    }
    g_string_append_c(crowd, '}');
    GBytes *bytes = assemble(crowd->str, NULL, 0);
    PstTensorsLimits limits = { .count = PST_TENSORS_MAX_COUNT + 1 };
    g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, "crowd", &limits, NULL);
    g_assert_nonnull(tensors);
    assert_refused(bytes, PST_TENSORS_ERROR_LIMIT, "over the limit of 4096 tensors");
    g_string_free(crowd, TRUE);
}

static void test_not_finite(void)
{
    const guint32 bad32[] = { 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7f800001 };
    for (gsize i = 0; i < G_N_ELEMENTS(bad32); i++) {
        for (int at = 0; at < 5; at++) {
            guint32 values[5] = { 0, 0x3f800000, 0x7f7fffff, 0x00000001, 0x80000000 };
            values[at] = bad32[i];
            for (int j = 0; j < 5; j++) {
                values[j] = GUINT32_TO_LE(values[j]);
            }
            assert_refused(assemble("{" ENTRY("a", "F32", "[5]", 0, 20) "}", values, sizeof values),
                           PST_TENSORS_ERROR_DAMAGED, "'a' holds a NaN or an infinity");
        }
    }
    const guint16 bad16[] = { 0x7c00, 0xfc00, 0x7e00, 0xfe00, 0x7c01 };
    for (gsize i = 0; i < G_N_ELEMENTS(bad16); i++) {
        guint16 values[3] = { GUINT16_TO_LE(0x7bff), GUINT16_TO_LE(bad16[i]), 0 };
        assert_refused(assemble("{" ENTRY("a", "F16", "[3]", 0, 6) "}", values, sizeof values),
                       PST_TENSORS_ERROR_DAMAGED, "'a' holds a NaN or an infinity");
    }
}

/* Loads mangled bytes; whatever comes out must be whole. Returns TRUE if they were refused. */
static gboolean survives(const guint8 *data, gsize size)
{
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(PstTensors) tensors = pst_tensors_from_bytes(bytes, HOSTILE, NULL, &error);
    if (!tensors) {
        assert_one_line(error, HOSTILE ": ");
        return TRUE;
    }
    g_assert_no_error(error);
    for (guint i = 0; i < pst_tensors_count(tensors); i++) {
        const PstTensor *tensor = pst_tensors_at(tensors, i);
        gsize sum = 0;
        for (gsize j = 0; j < tensor->count; j++) {
            sum += tensor->bytes ? tensor->bytes[j] : isfinite(tensor->floats[j]) != 0;
        }
        g_assert_true(tensor->bytes || sum == tensor->count);
    }
    return FALSE;
}

static void test_byte_flips(void)
{
    g_autoptr(GBytes) bytes = sample_bytes();
    gsize size;
    const guint8 *sound = g_bytes_get_data(bytes, &size);
    GRand *random = g_rand_new_with_seed(20240917);
    int refused = 0;
    for (int i = 0; i < 20000; i++) {
        g_autofree guint8 *data = g_memdup2(sound, size);
        int flips = g_rand_int_range(random, 1, 5);
        while (flips--) {
            data[g_rand_int_range(random, 0, (int)size)] ^= 1 << g_rand_int_range(random, 0, 8);
        }
        refused += survives(data, size);
    }
    for (int i = 0; i < 5000; i++) { /* whole bytes, and a piece cut out */
        g_autofree guint8 *data = g_memdup2(sound, size);
        gsize cut = g_rand_int_range(random, 0, 9);
        gsize at = g_rand_int_range(random, 0, (int)(size - cut));
        memmove(data + at, data + at + cut, size - cut - at);
        data[g_rand_int_range(random, 0, (int)(size - cut))] = (guint8)g_rand_int(random);
        refused += survives(data, size - cut);
    }
    g_rand_free(random);
    g_test_message("%d of 25000 refused", refused);
    g_assert_cmpint(refused, >, 15000);
}

/* Every number of the header in turn becomes every number that has ever hurt a parser. */
static void test_numbers(void)
{
    const char *const numbers[] = {
        "-1",
        "0",
        "1",
        "7",
        "255",
        "2147483647",
        "2147483648",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1e9",
        "1e400",
        "0.5",
        "-0",
        "00",
        "1e-400",
        "null",
        "\"\"",
        "[]",
        "{}",
    };
    g_autoptr(GBytes) bytes = sample_bytes();
    gsize size;
    const char *file = g_bytes_get_data(bytes, &size);
    guint64 length;
    memcpy(&length, file, sizeof length);
    g_autofree char *header = g_strndup(file + 8, (gsize)GUINT64_FROM_LE(length));
    gsize data_size = size - 8 - strlen(header);
    gboolean quoted = FALSE;
    for (char *p = header; *p; p++) {
        quoted ^= *p == '"' && p[-1] != '\\';
        if (quoted || !g_ascii_isdigit(*p)) {
            continue;
        }
        char *end = p + strspn(p, "0123456789");
        for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
            g_autofree char *mangled = g_strdup_printf("%.*s%s%s", (int)(p - header), header, numbers[i], end);
            g_autoptr(GBytes) evil = assemble(mangled, file + size - data_size, data_size);
            survives(g_bytes_get_data(evil, NULL), g_bytes_get_size(evil));
        }
        p = end - 1;
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hostile/truncated", test_truncated);
    g_test_add_func("/hostile/header-length", test_header_length);
    g_test_add_func("/hostile/headers", test_headers);
    g_test_add_func("/hostile/large-headers", test_large_headers);
    g_test_add_func("/hostile/not-finite", test_not_finite);
    g_test_add_func("/hostile/byte-flips", test_byte_flips);
    g_test_add_func("/hostile/numbers", test_numbers);
    return g_test_run();
}
