/* Runs a fuzz target without libFuzzer: on each seed, and on seeds with some bytes changed, cut or doubled. The same
 * runs each time; no coverage leads them.
 *   fuzz_TARGET ROUNDS FOLDER... */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void add_folder(GPtrArray *seeds, const char *folder)
{
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char *content;
        gsize size;
        if (g_file_get_contents(path, &content, &size, NULL))
            g_ptr_array_add(seeds, g_bytes_new_take(content, size));
    }
}

static void change(GByteArray *bytes, GRand *random)
{
    guint at = (guint)g_rand_int_range(random, 0, (gint32)MAX(bytes->len, 1)),
          some = (guint)g_rand_int_range(random, 1, 9);
    switch (g_rand_int_range(random, 0, 5)) {
    case 0:
        g_byte_array_set_size(bytes, at);
        break;
    case 1:
        g_byte_array_remove_range(bytes, at, MIN(some, bytes->len - at));
        break;
    case 2:
        for (guint i = at; i < MIN(at + some, bytes->len); i++)
            bytes->data[i] = g_rand_boolean(random) ? 0xff : 0;
        break;
    case 3: {
        guint length = MIN(some * 8, bytes->len - at);
        g_autofree guint8 *again = g_memdup2(bytes->data + at, length);

        g_byte_array_append(bytes, again, length);
        break;
    }
    default:
        bytes->data[at] = (guint8)g_rand_int(random);
        break;
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    guint rounds = argc > 1 ? (guint)atoi(argv[1]) : 0;
    for (int i = 2; i < argc; i++)
        add_folder(seeds, argv[i]);
    for (guint round = 0; seeds->len > 0 && round < seeds->len + rounds; round++) {
        gsize size;
        const guint8 *data = g_bytes_get_data(seeds->pdata[round % seeds->len], &size);
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_byte_array_append(bytes, data, (guint)size);
        for (int i = g_rand_int_range(random, 0, 5); round >= seeds->len && i >= 0 && bytes->len > 0; i--)
            change(bytes, random);
        LLVMFuzzerTestOneInput(bytes->data, bytes->len);
    }
    g_print("%u seeds, %u changed\n", seeds->len, rounds);
    return seeds->len > 0 ? 0 : 1;
}
