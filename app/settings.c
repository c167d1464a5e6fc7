#include "settings.h"

#define SCHEMA "org.pastiche.Pastiche"

/* A program that was moved as a whole still finds what belongs to it. */
static GSettingsSchemaSource *beside_program(GSettingsSchemaSource *parent)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;
    g_autofree char *schemas = folder ? g_build_filename(folder, "..", "share", "glib-2.0", "schemas", NULL) : NULL;

    return schemas ? g_settings_schema_source_new_from_directory(schemas, parent, TRUE, NULL) : NULL;
}

GSettings *pst_settings_new(void)
{
    GSettingsSchemaSource *usual = g_settings_schema_source_get_default();
    g_autoptr(GSettingsSchema) schema = usual ? g_settings_schema_source_lookup(usual, SCHEMA, TRUE) : NULL;
    g_autoptr(GSettingsSchemaSource) beside = schema ? NULL : beside_program(usual);

    if (!schema && beside)
        schema = g_settings_schema_source_lookup(beside, SCHEMA, TRUE);
    return schema ? g_settings_new_full(schema, NULL, NULL) : NULL;
}
