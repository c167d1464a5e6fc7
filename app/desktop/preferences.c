#include "preferences.h"

#define SCHEMA        "org.pastiche.Pastiche"
#define RECENT_STYLES 12
#define PANEL         420
#define NEWEST        "tour" /* the key that came last */

enum { AS_PHOTOGRAPH }; /* the first value of export-format */

/* The others, in the order of the schema. */
static const struct {
    PstFormat format;
    int depth;
} export_formats[] = { { PST_FORMAT_JPEG, 8 },      { PST_FORMAT_PNG, 8 },   { PST_FORMAT_PNG, 16 },
                       { PST_FORMAT_TIFF, 8 },      { PST_FORMAT_TIFF, 16 }, { PST_FORMAT_WEBP, 8 },
                       { PST_FORMAT_OPENRASTER, 8 } };

GSettings *pst_preferences(void)
{
    static GSettings *settings;
    static gboolean tried;

    if (!tried) {
        GSettingsSchemaSource *source = g_settings_schema_source_get_default();
        g_autoptr(GSettingsSchema) schema = source ? g_settings_schema_source_lookup(source, SCHEMA, TRUE) : NULL;

        tried = TRUE;
        /* That of an older version is as good as none. */
        settings = schema && g_settings_schema_has_key(schema, NEWEST) ? g_settings_new_full(schema, NULL, NULL) : NULL;
    }
    return settings;
}

static char *local_folder(const char *uri)
{
    g_autoptr(GFile) file = *uri ? g_file_new_for_uri(uri) : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;

    return path && g_file_test(path, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&path) : NULL;
}

void pst_preferences_get_export(PstExportOptions *options)
{
    GSettings *settings = pst_preferences();
    const char *pictures = g_get_user_special_dir(G_USER_DIRECTORY_PICTURES);

    pst_export_options_init(options);
    if (settings) {
        g_autofree char *uri = g_settings_get_string(settings, "export-folder");
        int format = g_settings_get_enum(settings, "export-format");

        options->folder = local_folder(uri);
        g_free(options->pattern);
        options->pattern = g_settings_get_string(settings, "export-name");
        if (format > AS_PHOTOGRAPH && format <= (int)G_N_ELEMENTS(export_formats) &&
            pst_format_is_written(export_formats[format - 1].format)) {
            options->format = export_formats[format - 1].format;
            options->depth = export_formats[format - 1].depth;
        }
        options->quality = g_settings_get_int(settings, "export-quality");
        options->side = g_settings_get_int(settings, "export-size");
        options->conflict = (PstConflict)g_settings_get_enum(settings, "export-conflict");
        /* The schema's order: all, without place, none. */
        options->metadata = (PstMetadata[]){
            PST_METADATA_ALL, PST_METADATA_PRIVATE, PST_METADATA_NONE
        }[CLAMP(g_settings_get_enum(settings, "export-metadata"), 0, 2)];
        options->recipe = g_settings_get_boolean(settings, "export-recipe");
    }
    if (!options->folder) {
        options->folder = g_strdup(pictures ? pictures : g_get_home_dir());
    }
}

void pst_preferences_set_export(const PstExportOptions *options)
{
    GSettings *settings = pst_preferences();
    g_autoptr(GFile) folder = g_file_new_for_path(options->folder);
    g_autofree char *uri = g_file_get_uri(folder);

    if (!settings) {
        return;
    }
    g_settings_set_string(settings, "export-folder", uri);
    g_settings_set_string(settings, "export-name", options->pattern);
    for (gsize i = 0; i < G_N_ELEMENTS(export_formats); i++) {
        if (export_formats[i].format == options->format && export_formats[i].depth == options->depth) {
            g_settings_set_enum(settings, "export-format", (int)i + 1);
        }
    }
    g_settings_set_int(settings, "export-quality", options->quality);
    g_settings_set_int(settings, "export-size", options->side);
    g_settings_set_enum(settings, "export-conflict", (int)options->conflict);
    g_settings_set_enum(settings, "export-metadata",
                        options->metadata == PST_METADATA_ALL       ? 0
                        : options->metadata == PST_METADATA_PRIVATE ? 1
                                                                    : 2);
    g_settings_set_boolean(settings, "export-recipe", options->recipe);
}

void pst_preferences_apply_folder(const char *key, GtkFileChooser *chooser)
{
    GSettings *settings = pst_preferences();
    g_autofree char *uri = settings ? g_settings_get_string(settings, key) : NULL;
    g_autofree char *path = uri ? local_folder(uri) : NULL;
    const char *pictures = g_get_user_special_dir(G_USER_DIRECTORY_PICTURES);
    g_autoptr(GFile) folder = path || pictures ? g_file_new_for_path(path ? path : pictures) : NULL;

    if (folder) {
        gtk_file_chooser_set_current_folder(chooser, folder, NULL);
    }
}

void pst_preferences_keep_folder(const char *key, GtkFileChooser *chooser)
{
    GSettings *settings = pst_preferences();
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(chooser);
    g_autoptr(GFile) file = files ? g_list_model_get_item(files, 0) : NULL;
    g_autoptr(GFile) folder = file ? g_file_get_parent(file) : NULL;

    if (settings && folder) {
        g_autofree char *uri = g_file_get_uri(folder);

        g_settings_set_string(settings, key, uri);
    }
}

PstFinish pst_preferences_get_finish(void)
{
    GSettings *settings = pst_preferences();

    return settings ? (PstFinish)g_settings_get_enum(settings, "finish") : PST_FINISH_MASTERPIECE;
}

void pst_preferences_set_finish(PstFinish finish)
{
    GSettings *settings = pst_preferences();

    if (settings) {
        g_settings_set_enum(settings, "finish", (int)finish);
    }
}

GStrv pst_preferences_get_recent_styles(void)
{
    GSettings *settings = pst_preferences();

    return settings ? g_settings_get_strv(settings, "recent-styles") : g_new0(char *, 1);
}

void pst_preferences_add_recent_style(const char *id)
{
    GSettings *settings = pst_preferences();
    g_auto(GStrv) before = pst_preferences_get_recent_styles();
    g_autoptr(GPtrArray) after = g_ptr_array_new();

    if (!settings || g_strcmp0(before[0], id) == 0) {
        return;
    }
    g_ptr_array_add(after, (gpointer)id);
    for (int i = 0; before[i] && after->len < RECENT_STYLES; i++) {
        if (!g_str_equal(before[i], id)) {
            g_ptr_array_add(after, before[i]);
        }
    }
    g_ptr_array_add(after, NULL);
    g_settings_set_strv(settings, "recent-styles", (const char *const *)after->pdata);
}

gboolean pst_preferences_take_tour(int step)
{
    GSettings *settings = pst_preferences();

    return settings && g_settings_get_int(settings, "tour") == step - 1 && g_settings_set_int(settings, "tour", step);
}

int pst_preferences_get_panel(void)
{
    GSettings *settings = pst_preferences();

    return settings ? g_settings_get_int(settings, "panel-width") : PANEL;
}

void pst_preferences_set_panel(int width)
{
    GSettings *settings = pst_preferences();

    if (settings) {
        g_settings_set_int(settings, "panel-width", width);
    }
}

GStrv pst_preferences_get_favourites(void)
{
    GSettings *settings = pst_preferences();

    return settings ? g_settings_get_strv(settings, "favourite-styles") : g_new0(char *, 1);
}

void pst_preferences_set_favourite(const char *id, gboolean favourite)
{
    GSettings *settings = pst_preferences();
    g_auto(GStrv) before = pst_preferences_get_favourites();
    g_autoptr(GPtrArray) after = g_ptr_array_new();

    if (favourite) {
        g_ptr_array_add(after, (gpointer)id);
    }
    for (int i = 0; before[i]; i++) {
        if (!g_str_equal(before[i], id)) {
            g_ptr_array_add(after, before[i]);
        }
    }
    g_ptr_array_add(after, NULL);
    if (settings) {
        g_settings_set_strv(settings, "favourite-styles", (const char *const *)after->pdata);
    }
}

void pst_preferences_get_window(int *width, int *height, gboolean *maximized)
{
    GSettings *settings = pst_preferences();

    *width = 1180;
    *height = 760;
    *maximized = FALSE;
    if (settings) {
        g_settings_get(settings, "window-size", "(ii)", width, height);
        *maximized = g_settings_get_boolean(settings, "window-maximized");
    }
}

void pst_preferences_set_window(int width, int height, gboolean maximized)
{
    GSettings *settings = pst_preferences();

    if (settings) {
        g_settings_set_boolean(settings, "window-maximized", maximized);
        if (!maximized && width > 0 && height > 0) {
            g_settings_set(settings, "window-size", "(ii)", width, height);
        }
    }
}
