#include "tile_folder.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/picture/output.h"
#include "engine/picture/picture.h"

#define STRIDE 7919  /* a prime: whatever the number of processes, it spreads the bands over them */
#define PAUSE  20000 /* microseconds between two looks for a file */

/* What a file begins with; then come the floats. */
typedef struct {
    char magic[8];
    gint32 height, width, channels, order; /* order is 1 in the byte order of whoever wrote it */
} Header;

static const char magic[8] = "pasttile";

struct PstTileFolder {
    char *path, *key;
    int rank, count;
    int painted, found; /* atomic */
    GCancellable *cancellable;
    PstTileExchange exchange;
};

static char *file_of(const PstTileFolder *folder, PstTilePlace place)
{
    g_autofree char *name = place.band < 0
                                ? g_strdup_printf("%s-small.tile", folder->key)
                                : g_strdup_printf("%s-%05d-%05d.tile", folder->key, place.band, place.column);

    return g_build_filename(folder->path, name, NULL);
}

/* Neighbours go to different processes, so that all have work until the last band. */
static gboolean is_mine(PstTilePlace place, gpointer data)
{
    const PstTileFolder *folder = data;

    return place.band < 0 ? folder->rank == 0 : (place.band * STRIDE + place.column) % folder->count == folder->rank;
}

static gboolean is_my_part(int number, gpointer data)
{
    const PstTileFolder *folder = data;

    return number % folder->count == folder->rank;
}

static gboolean wait_for(const PstTileFolder *folder, const char *path, GError **error)
{
    while (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        if (g_cancellable_set_error_if_cancelled(folder->cancellable, error))
            return FALSE;
        g_usleep(PAUSE);
    }
    return TRUE;
}

static char *part(int number, gboolean wait, gpointer data, GError **error)
{
    const PstTileFolder *folder = data;
    g_autofree char *name = g_strdup_printf("%s-%05d.part", folder->key, number);
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    return !wait || wait_for(folder, path, error) ? g_steal_pointer(&path) : NULL;
}

static gboolean is_whole(const char *text, gsize length, const PstMap *map)
{
    Header header;

    if (length != sizeof header + pst_map_size(map) * sizeof(float))
        return FALSE;
    memcpy(&header, text, sizeof header);
    return memcmp(header.magic, magic, sizeof magic) == 0 && header.order == 1 && header.height == map->height &&
           header.width == map->width && header.channels == map->channels;
}

static gboolean take(PstTilePlace place, gboolean wait, PstMap *map, gpointer data, GError **error)
{
    PstTileFolder *folder = data;
    g_autofree char *path = file_of(folder, place), *text = NULL;
    gsize length;

    if ((wait && !wait_for(folder, path, error)) || !g_file_get_contents(path, &text, &length, wait ? error : NULL))
        return FALSE;
    if (!is_whole(text, length, map)) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_DAMAGED, _("%s: is not a tile of this painting"), path);
        return FALSE;
    }
    memcpy(map->data, text + sizeof(Header), length - sizeof(Header));
    g_atomic_int_inc(&folder->found);
    return TRUE;
}

static gboolean give(PstTilePlace place, const PstMap *map, gpointer data, GError **error)
{
    PstTileFolder *folder = data;
    g_autofree char *path = file_of(folder, place), *written = NULL;
    g_autoptr(PstOutput) output = pst_output_open(path, PST_CONFLICT_OVERWRITE, error);
    Header header = { .height = map->height, .width = map->width, .channels = map->channels, .order = 1 };

    memcpy(header.magic, magic, sizeof magic);
    if (!output || !pst_output_write(output, &header, sizeof header, error) ||
        !pst_output_write(output, map->data, pst_map_size(map) * sizeof(float), error))
        return FALSE;
    g_atomic_int_inc(&folder->painted);
    written = pst_output_commit(output, error);
    return written != NULL;
}

PstTileFolder *pst_tile_folder_new(const char *path, const char *key, int rank, int count, GCancellable *cancellable,
                                   GError **error)
{
    PstTileFolder *folder;

    if (g_mkdir_with_parents(path, 0777) != 0) {
        g_set_error(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_PERMISSION, _("%s: the folder can't be made (%s)"),
                    path, g_strerror(errno));
        return NULL;
    }
    folder = g_new0(PstTileFolder, 1);
    folder->path = g_strdup(path);
    folder->key = g_strdup(key);
    folder->rank = rank;
    folder->count = count;
    folder->cancellable = cancellable;
    folder->exchange = (PstTileExchange){ .leads = rank == 0,
                                          .is_mine = is_mine,
                                          .take = take,
                                          .give = give,
                                          .is_my_part = is_my_part,
                                          .part = part,
                                          .data = folder };
    return folder;
}

void pst_tile_folder_free(PstTileFolder *folder)
{
    if (!folder)
        return;
    g_free(folder->path);
    g_free(folder->key);
    g_free(folder);
}

const PstTileExchange *pst_tile_folder_exchange(PstTileFolder *folder)
{
    return &folder->exchange;
}

void pst_tile_folder_counts(const PstTileFolder *folder, int *painted, int *found)
{
    *painted = g_atomic_int_get(&folder->painted);
    *found = g_atomic_int_get(&folder->found);
}

void pst_tile_folder_remove(const PstTileFolder *folder)
{
    g_autoptr(GDir) directory = g_dir_open(folder->path, 0, NULL);
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        if (g_str_has_prefix(name, folder->key)) {
            g_autofree char *path = g_build_filename(folder->path, name, NULL);

            g_unlink(path);
        }
    }
    g_rmdir(folder->path);
}
