#include "session.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/common/own_styles.h"
#include "engine/paint/recipe.h"

#define DELAY  400 /* milliseconds after a change */
#define GROUP  "session"
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

/* Recipes have short names; with the full ones the styles are those of the list again. */
static GPtrArray *full_ids(const PstLook *look)
{
    GPtrArray *ids = g_ptr_array_new();

    for (int i = 0; i < look->count; i++) {
        for (int k = 0; k < look->regions[i].count; k++) {
            g_ptr_array_add(ids, look->regions[i].styles[k].id);
        }
    }
    return ids;
}

static gboolean save(gpointer data)
{
    PstSession *session = data;
    PstPhoto *photo = pst_document_photo(session->document);
    PstLook *look = pst_document_look(session->document);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *folder = folder_path();
    g_autofree char *recipe = pst_recipe_write_draft(look, NULL);
    g_autoptr(GPtrArray) ids = full_ids(look);

    session->timer = 0;
    if (!photo || !photo->path) {
        g_remove(session->path);
        return G_SOURCE_REMOVE;
    }
    g_key_file_set_string(file, GROUP, "photo", photo->path);
    g_key_file_set_string(file, GROUP, "recipe", recipe ? recipe : "");
    g_key_file_set_string_list(file, GROUP, "ids", (const char *const *)ids->pdata, ids->len);
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

/* Gives styles their full names, and leaves out those whose training is gone; the first of these is told of in
 * `missing`. */
static void settle(PstLook *look, GKeyFile *file, const char *group, GError **missing)
{
    g_auto(GStrv) ids = g_key_file_get_string_list(file, group, "ids", NULL, NULL);
    guint known = ids ? g_strv_length(ids) : 0, next = 0;

    pst_own_styles_complete(look, _("Session"), missing);
    for (int i = 0; i < look->count; i++) {
        PstLookRegion *region = &look->regions[i];

        for (int k = 0; k < region->count; next++) {
            PstLookStyle *style = &region->styles[k];

            if (next < known) {
                g_free(style->id);
                style->id = g_strdup(ids[next]);
            }
            if (pst_look_style_is_incomplete(style)) {
                pst_look_region_remove(region, k);
            } else {
                k++;
            }
        }
    }
}

static PstLook *get_look(GKeyFile *file, GError **missing)
{
    g_autofree char *text = g_key_file_get_string(file, GROUP, "recipe", NULL);
    PstLook *look = text ? pst_recipe_parse_draft(text, strlen(text), "session", NULL) : NULL;

    if (look) {
        settle(look, file, GROUP, missing);
    }
    return look;
}

/* ---- sessions of versions before 0.2: settings by name, and a group for each region ----------------- */

static double get_number(GKeyFile *file, PstLookSetting setting)
{
    const PstLookNumber *range = &pst_look_numbers[setting];
    g_autoptr(GError) error = NULL;
    double value = g_key_file_get_double(file, GROUP, range->key, &error);

    return error || !(value >= range->least && value <= range->most) ? range->usual : value;
}

static void get_region(GKeyFile *file, PstLook *look, int index, GError **missing)
{
    g_autofree char *group = g_strdup_printf("region-%d", index);
    g_autofree char *text = g_key_file_get_string(file, group, "recipe", NULL);
    g_autofree char *mask = g_key_file_get_string(file, group, "mask", NULL);
    g_autoptr(PstLook) own = text ? pst_recipe_parse_draft(text, strlen(text), "session", NULL) : NULL;
    PstLookRegion *region = &look->regions[index];

    if (own) {
        settle(own, file, group, *missing ? NULL : missing);
    }
    for (int k = 0; own && k < own->regions[0].count; k++) {
        const PstLookStyle *style = &own->regions[0].styles[k];

        pst_look_add_style(look, index, style->id, style->style, style->weight);
    }
    if (mask) {
        g_clear_pointer(&region->mask, pst_mask_unref);
        region->mask = pst_mask_from_text(mask);
    }
    if (index > 0 && !region->mask) {
        region->mask = pst_mask_new();
    }
}

static PstLook *get_old_look(GKeyFile *file, GError **missing)
{
    PstLook *look = pst_look_new();
    int count = CLAMP(g_key_file_get_integer(file, GROUP, "regions", NULL), 1, PST_LOOK_REGIONS);

    for (int i = 0; i < count; i++) {
        if (i > 0) {
            pst_look_add_region(look);
        }
        get_region(file, look, i, missing);
    }
    look->strength = get_number(file, PST_LOOK_STRENGTH);
    look->detail = get_number(file, PST_LOOK_DETAIL);
    look->stroke = get_number(file, PST_LOOK_STROKE);
    look->keep_colours = g_key_file_get_boolean(file, GROUP, "keep-colours", NULL);
    return look;
}

gboolean pst_session_restore(const char *path, PstDocument *document)
{
    g_autoptr(GKeyFile) file = load(path);
    g_autofree char *photo = file ? g_key_file_get_string(file, GROUP, "photo", NULL) : NULL;
    g_autoptr(PstLook) look = NULL;
    g_autoptr(GError) missing = NULL;

    if (!photo) {
        return FALSE;
    }
    look = get_look(file, &missing);
    if (!look) {
        look = get_old_look(file, &missing);
    }
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
