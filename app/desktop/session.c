#include "session.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/common/own_styles.h"
#include "look_recipe.h"

#define DELAY 400 /* milliseconds after a change */
#define GROUP "session"
#define SUFFIX ".session"

struct PstSession {
    PstDocument *document;
    char *path;
    guint timer;
};

static char *folder_path(void)
{
    return g_build_filename(g_get_user_state_dir(), "pastiche", NULL);
}

static void put_region(GKeyFile *file, const PstLook *look, int index)
{
    g_autofree char *group = g_strdup_printf("region-%d", index);
    g_autoptr(PstRecipe) recipe = pst_look_to_recipe(look, index);
    g_autofree char *text = recipe ? pst_recipe_to_text(recipe, NULL) : NULL;
    const PstLookRegion *region = &look->regions[index];
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    for (int i = 0; i < region->count; i++) {
        g_ptr_array_add(ids, region->styles[i].id);
    }
    /* The recipe has short names; with the full ones the styles are those of the grid again. */
    g_key_file_set_string_list(file, group, "ids", (const char *const *)ids->pdata, ids->len);
    g_key_file_set_string(file, group, "recipe", text ? text : "");
    if (region->mask) {
        g_autofree char *mask = pst_mask_to_text(region->mask);

        g_key_file_set_string(file, group, "mask", mask);
    }
}

static gboolean save(gpointer data)
{
    PstSession *session = data;
    PstPhoto *photo = pst_document_photo(session->document);
    PstLook *look = pst_document_look(session->document);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *folder = folder_path();

    session->timer = 0;
    if (!photo || !photo->path) {
        g_remove(session->path);
        return G_SOURCE_REMOVE;
    }
    g_key_file_set_string(file, GROUP, "photo", photo->path);
    g_key_file_set_integer(file, GROUP, "regions", look->count);
    g_key_file_set_double(file, GROUP, "strength", look->strength);
    g_key_file_set_double(file, GROUP, "detail", look->detail);
    g_key_file_set_double(file, GROUP, "stroke", look->stroke);
    g_key_file_set_boolean(file, GROUP, "keep-colours", look->keep_colours);
    for (int i = 0; i < look->count; i++) {
        put_region(file, look, i);
    }
    /* A session that can't be kept is no reason to disturb anybody. */
    if (g_mkdir_with_parents(folder, 0700) == 0) {
        g_key_file_save_to_file(file, session->path, NULL);
    }
    return G_SOURCE_REMOVE;
}

static void on_change(PstSession *session)
{
    if (session->timer == 0) {
        session->timer = g_timeout_add(DELAY, save, session);
    }
}

PstSession *pst_session_new(PstDocument *document)
{
    static guint count;
    PstSession *session = g_new0(PstSession, 1);
    g_autofree char *folder = folder_path();
    g_autofree char *name = g_strdup_printf("%ld-%u" SUFFIX, (long)getpid(), ++count);

    session->document = document;
    session->path = g_build_filename(folder, name, NULL);
    g_signal_connect_swapped(document, "look-changed", G_CALLBACK(on_change), session);
    g_signal_connect_swapped(document, "notify::photo-name", G_CALLBACK(on_change), session);
    return session;
}

void pst_session_free(PstSession *session)
{
    g_signal_handlers_disconnect_by_data(session->document, session);
    g_clear_handle_id(&session->timer, g_source_remove);
    g_remove(session->path);
    g_free(session->path);
    g_free(session);
}

/* The process that a session's name begins with. */
static gboolean is_alive(const char *name)
{
    long process = strtol(name, NULL, 10);

    return process > 0 && (kill((pid_t)process, 0) == 0 || errno == EPERM);
}

char *pst_session_find(void)
{
    g_autofree char *folder = folder_path();
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_autofree char *latest = NULL;
    gint64 latest_time = 0;
    const char *name;

    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        GStatBuf status;

        if (!g_str_has_suffix(name, SUFFIX) || is_alive(name) || g_stat(path, &status) != 0) {
            continue;
        }
        if (latest && status.st_mtime < latest_time) {
            g_remove(path);
            continue;
        }
        if (latest) {
            g_remove(latest);
        }
        g_free(latest);
        latest = g_steal_pointer(&path);
        latest_time = status.st_mtime;
    }
    return g_steal_pointer(&latest);
}

static GKeyFile *load(const char *path)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    GStatBuf status;

    if (g_stat(path, &status) != 0 || status.st_size > 64 << 20 ||
        !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL)) {
        return NULL;
    }
    return g_steal_pointer(&file);
}

char *pst_session_name(const char *path)
{
    g_autoptr(GKeyFile) file = load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;

    return photo && g_file_test(photo, G_FILE_TEST_IS_REGULAR) ? g_filename_display_basename(photo) : NULL;
}

static double get_number(GKeyFile *file, const char *key, double least, double most, double fallback)
{
    g_autoptr(GError) error = NULL;
    double value = g_key_file_get_double(file, GROUP, key, &error);

    return error || !(value >= least && value <= most) ? fallback : value;
}

/* Styles that are gone are told of in `missing` and left out. */
static void get_region(GKeyFile *file, PstLook *look, int index, GError **missing)
{
    g_autofree char *group = g_strdup_printf("region-%d", index);
    g_autofree char *text = g_key_file_get_string(file, group, "recipe", NULL);
    g_autofree char *mask = g_key_file_get_string(file, group, "mask", NULL);
    g_auto(GStrv) ids = g_key_file_get_string_list(file, group, "ids", NULL, NULL);
    g_autoptr(PstRecipe) recipe = text ? pst_recipe_parse(text, strlen(text), "session", NULL) : NULL;
    PstLookRegion *region = &look->regions[index];

    if (recipe) {
        pst_own_styles_complete(recipe, _("Session"), *missing ? NULL : missing);
        pst_look_take_recipe(look, index, recipe, (const char *const *)ids);
    }
    if (mask) {
        g_clear_pointer(&region->mask, pst_mask_unref);
        region->mask = pst_mask_from_text(mask);
    }
    if (index > 0 && !region->mask) {
        region->mask = pst_mask_new();
    }
}

gboolean pst_session_restore(const char *path, PstDocument *document)
{
    g_autoptr(GKeyFile) file = load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;
    g_autoptr(PstLook) look = pst_look_new();
    g_autoptr(GError) missing = NULL;
    int count;

    if (!photo) {
        return FALSE;
    }
    count = CLAMP(g_key_file_get_integer(file, GROUP, "regions", NULL), 1, PST_REGIONS);
    for (int i = 0; i < count; i++) {
        if (i > 0) {
            pst_look_add_region(look);
        }
        get_region(file, look, i, &missing);
    }
    look->strength = get_number(file, "strength", 0, 1, 1);
    look->detail = get_number(file, "detail", 0, 1, 1);
    look->stroke = get_number(file, "stroke", 1, PST_STROKE_MOST, 1);
    look->keep_colours = g_key_file_get_boolean(file, GROUP, "keep-colours", NULL);
    pst_document_open(document, photo);
    pst_document_set_look(document, look, NULL);
    if (missing) {
        pst_document_tell(document, missing->message);
    }
    pst_session_forget(path);
    return TRUE;
}

void pst_session_forget(const char *path)
{
    g_remove(path);
}
