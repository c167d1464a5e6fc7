#include "training_request.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#include "engine/style/style_library.h"

#define GROUP  "training"
#define SUFFIX ".training"

static const char *const text_keys[] = { "photos", "artist", "author", "licence" };

static char **text_places(PstTrainingRequest *r, gsize i)
{
    return (char **[]){ &r->photos, &r->artist, &r->author, &r->licence }[i];
}

PstTrainingRequest *pst_training_request_new(const char *name)
{
    PstTrainingRequest *request = g_new0(PstTrainingRequest, 1);

    request->name = g_strdup(name);
    request->pictures = g_new0(char *, 1);
    return request;
}

void pst_training_request_free(PstTrainingRequest *request)
{
    if (!request) {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(text_keys); i++) {
        g_free(*text_places(request, i));
    }
    g_free(request->path);
    g_free(request->name);
    g_strfreev(request->pictures);
    g_strfreev(request->settings);
    g_free(request);
}

static char *folder_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "pastiche", NULL);
}

/* A name that no other training has. */
static char *free_path(const char *folder, const char *name)
{
    g_autofree char *id = pst_style_library_identifier(name);

    for (int i = 1;; i++) {
        g_autofree char *file = i == 1 ? g_strconcat(id, SUFFIX, NULL) : g_strdup_printf("%s-%d" SUFFIX, id, i);
        char *path = g_build_filename(folder, file, NULL);

        if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
            return path;
        }
        g_free(path);
    }
}

gboolean pst_training_request_keep(PstTrainingRequest *request, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *folder = folder_path();

    if (g_mkdir_with_parents(folder, 0700) != 0) {
        int failure = errno;

        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(failure), "%s: %s", folder, g_strerror(failure));
        return FALSE;
    }
    if (!request->path) {
        request->path = free_path(folder, request->name);
    }
    g_key_file_set_int64(file, GROUP, "process", getpid());
    g_key_file_set_string(file, GROUP, "name", request->name);
    g_key_file_set_boolean(file, GROUP, "fine", request->fine);
    g_key_file_set_boolean(file, GROUP, "crop", request->crop);
    g_key_file_set_string_list(file, GROUP, "pictures", (const char *const *)request->pictures,
                               g_strv_length(request->pictures));
    if (request->settings) {
        g_key_file_set_string_list(file, GROUP, "settings", (const char *const *)request->settings,
                                   g_strv_length(request->settings));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(text_keys); i++) {
        if (*text_places(request, i)) {
            g_key_file_set_string(file, GROUP, text_keys[i], *text_places(request, i));
        }
    }
    return g_key_file_save_to_file(file, request->path, error);
}

char *pst_training_request_checkpoint(const PstTrainingRequest *request)
{
    return request->path ? g_strconcat(request->path, ".checkpoint", NULL) : NULL;
}

gboolean pst_training_request_has_begun(const PstTrainingRequest *request)
{
    g_autofree char *checkpoint = pst_training_request_checkpoint(request);

    return checkpoint && g_file_test(checkpoint, G_FILE_TEST_EXISTS);
}

void pst_training_request_forget(const PstTrainingRequest *request)
{
    g_autofree char *checkpoint = pst_training_request_checkpoint(request);

    if (request->path) {
        g_remove(checkpoint);
        g_remove(request->path);
    }
}

/* NULL for what is no such file, or is in the hands of another process. */
static PstTrainingRequest *read_request(const char *path)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(PstTrainingRequest) request = NULL;
    g_autofree char *name = NULL;
    gint64 process;

    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) ||
        !(name = g_key_file_get_string(file, GROUP, "name", NULL))) {
        return NULL;
    }
    process = g_key_file_get_int64(file, GROUP, "process", NULL);
    if (process > 0 && process != getpid() && kill((pid_t)process, 0) == 0) {
        return NULL;
    }
    request = pst_training_request_new(name);
    g_strfreev(request->pictures);
    request->pictures = g_key_file_get_string_list(file, GROUP, "pictures", NULL, NULL);
    request->settings = g_key_file_get_string_list(file, GROUP, "settings", NULL, NULL);
    request->crop = g_key_file_get_boolean(file, GROUP, "crop", NULL);
    request->fine = g_key_file_get_boolean(file, GROUP, "fine", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(text_keys); i++) {
        *text_places(request, i) = g_key_file_get_string(file, GROUP, text_keys[i], NULL);
    }
    request->path = g_strdup(path);
    return request->pictures && request->pictures[0] ? g_steal_pointer(&request) : NULL;
}

static gint64 modified(const char *path)
{
    GStatBuf status;

    return g_stat(path, &status) == 0 ? (gint64)status.st_mtime : 0;
}

static int compare_age(gconstpointer a, gconstpointer b)
{
    gint64 first = modified((*(PstTrainingRequest *const *)a)->path);
    gint64 second = modified((*(PstTrainingRequest *const *)b)->path);

    return first < second ? 1 : first > second ? -1 : 0;
}

GPtrArray *pst_training_request_list(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)pst_training_request_free);
    g_autofree char *folder = folder_path();
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *name;

    while (entries && (name = g_dir_read_name(entries))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        PstTrainingRequest *request = g_str_has_suffix(name, SUFFIX) ? read_request(path) : NULL;

        if (request) {
            g_ptr_array_add(list, request);
        }
    }
    g_ptr_array_sort(list, compare_age);
    return list;
}
