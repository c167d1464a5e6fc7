#include "inputs.h"

#include "error.h"

#include <sys/stat.h>

typedef struct {
    guint64 device, number;
} Identity;

struct _PstInputs {
    gatomicrefcount references;
    GHashTable *files; /* Identity */
};

static guint hash(gconstpointer key)
{
    const Identity *identity = key;
    return g_int64_hash(&identity->number);
}

static gboolean equal(gconstpointer a, gconstpointer b)
{
    const Identity *first = a, *second = b;
    return first->device == second->device && first->number == second->number;
}

PstInputs *pst_inputs_new(void)
{
    PstInputs *inputs = g_new0(PstInputs, 1);
    g_atomic_ref_count_init(&inputs->references);
    inputs->files = g_hash_table_new_full(hash, equal, g_free, NULL);
    return inputs;
}

PstInputs *pst_inputs_ref(PstInputs *inputs)
{
    g_atomic_ref_count_inc(&inputs->references);
    return inputs;
}

void pst_inputs_unref(PstInputs *inputs)
{
    if (!inputs || !g_atomic_ref_count_dec(&inputs->references))
        return;
    g_hash_table_unref(inputs->files);
    g_free(inputs);
}

static void add_file(PstInputs *inputs, const struct stat *status)
{
    Identity *identity = g_new(Identity, 1);
    *identity = (Identity){ status->st_dev, status->st_ino };
    g_hash_table_add(inputs->files, identity);
}

void pst_inputs_add(PstInputs *inputs, const char *path)
{
    struct stat status;
    if (!path || stat(path, &status) != 0)
        return;
    if (!S_ISDIR(status.st_mode)) {
        add_file(inputs, &status);
        return;
    }
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (stat(file, &status) == 0 && S_ISREG(status.st_mode))
            add_file(inputs, &status);
    }
}

gboolean pst_inputs_contain(const PstInputs *inputs, const char *path)
{
    struct stat status;
    return inputs && stat(path, &status) == 0 &&
           g_hash_table_contains(inputs->files, &(Identity){ status.st_dev, status.st_ino });
}

gboolean pst_inputs_spare(const PstInputs *inputs, const char *path, GError **error)
{
    if (!pst_inputs_contain(inputs, path))
        return TRUE;
    pst_picture_set_error(error, PST_PICTURE_ERROR_INPUT, path, "is read here and can't be written over");
    return FALSE;
}
