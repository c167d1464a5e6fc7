#include "colour_scheme.h"

#include <adwaita.h>

#include "app/desktop/preferences.h"

static void apply(const char *choice)
{
    AdwColorScheme scheme = g_str_equal(choice, "dark")    ? ADW_COLOR_SCHEME_FORCE_DARK
                            : g_str_equal(choice, "light") ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                           : ADW_COLOR_SCHEME_DEFAULT;

    adw_style_manager_set_color_scheme(adw_style_manager_get_default(), scheme);
}

static void on_change(GSimpleAction *action, GVariant *value, gpointer data)
{
    GSettings *settings = pst_preferences();

    g_simple_action_set_state(action, value);
    if (settings) {
        g_settings_set_string(settings, "appearance", g_variant_get_string(value, NULL));
    }
    apply(g_variant_get_string(value, NULL));
}

void pst_colour_scheme_follow(GApplication *application)
{
    GSettings *settings = pst_preferences();
    g_autofree char *choice = settings ? g_settings_get_string(settings, "appearance") : g_strdup("follow-system");
    g_autoptr(GSimpleAction)
        action = g_simple_action_new_stateful("appearance", G_VARIANT_TYPE_STRING, g_variant_new_string(choice));

    g_signal_connect(action, "change-state", G_CALLBACK(on_change), NULL);
    g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(action));
    apply(choice);
}
