#include "colour_scheme.h"

#include "app/desktop/preferences.h"

/* The desktop's choice: org.freedesktop.appearance color-scheme of the settings portal; 1 is dark. */
#define PORTAL          "org.freedesktop.portal.Desktop"
#define PORTAL_PATH     "/org/freedesktop/portal/desktop"
#define PORTAL_SETTINGS "org.freedesktop.portal.Settings"
#define NAMESPACE       "org.freedesktop.appearance"
#define KEY             "color-scheme"

struct PstColourScheme {
    GSimpleAction *action;
    GDBusConnection *bus;
    GCancellable *cancellable;
    guint subscription;
    gboolean system_dark;
};

static void apply(PstColourScheme *scheme)
{
    g_autoptr(GVariant) state = g_action_get_state(G_ACTION(scheme->action));
    const char *choice = g_variant_get_string(state, NULL);
    gboolean dark = g_str_equal(choice, "dark") || (g_str_equal(choice, "follow-system") && scheme->system_dark);

    g_object_set(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", dark, NULL);
}

static void on_change(GSimpleAction *action, GVariant *value, PstColourScheme *scheme)
{
    GSettings *settings = pst_preferences();

    g_simple_action_set_state(action, value);
    if (settings) {
        g_settings_set_string(settings, "appearance", g_variant_get_string(value, NULL));
    }
    apply(scheme);
}

static void take_scheme(PstColourScheme *scheme, GVariant *boxed)
{
    g_autoptr(GVariant) value = g_variant_ref(boxed);

    while (g_variant_is_of_type(value, G_VARIANT_TYPE_VARIANT)) {
        GVariant *inner = g_variant_get_variant(value);

        g_variant_unref(value);
        value = inner;
    }
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32)) {
        scheme->system_dark = g_variant_get_uint32(value) == 1;
        apply(scheme);
    }
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) reply = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);

    if (reply) {
        g_autoptr(GVariant) value = g_variant_get_child_value(reply, 0);

        take_scheme(data, value);
    }
}

static void on_signal(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                      const char *signal, GVariant *parameters, gpointer data)
{
    const char *space, *key;
    g_autoptr(GVariant) value = NULL;

    if (g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ssv)"))) {
        g_variant_get(parameters, "(&s&sv)", &space, &key, &value);
        if (g_str_equal(space, NAMESPACE) && g_str_equal(key, KEY)) {
            take_scheme(data, value);
        }
    }
}

PstColourScheme *pst_colour_scheme_new(GApplication *application)
{
    PstColourScheme *scheme = g_new0(PstColourScheme, 1);
    GDBusConnection *bus = g_application_get_dbus_connection(application);
    GSettings *settings = pst_preferences();
    g_autofree char *choice = settings ? g_settings_get_string(settings, "appearance") : g_strdup("follow-system");

    scheme->action = g_simple_action_new_stateful("appearance", G_VARIANT_TYPE_STRING, g_variant_new_string(choice));
    g_signal_connect(scheme->action, "change-state", G_CALLBACK(on_change), scheme);
    g_action_map_add_action(G_ACTION_MAP(application), G_ACTION(scheme->action));
    apply(scheme);
    if (bus) {
        scheme->bus = g_object_ref(bus);
        scheme->cancellable = g_cancellable_new();
        scheme->subscription = g_dbus_connection_signal_subscribe(bus, NULL, PORTAL_SETTINGS, "SettingChanged",
                                                                  PORTAL_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                                  on_signal, scheme, NULL);
        g_dbus_connection_call(bus, PORTAL, PORTAL_PATH, PORTAL_SETTINGS, "Read", g_variant_new("(ss)", NAMESPACE, KEY),
                               G_VARIANT_TYPE("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, scheme->cancellable, on_read, scheme);
    }
    return scheme;
}

void pst_colour_scheme_free(PstColourScheme *scheme)
{
    if (scheme->bus) {
        g_cancellable_cancel(scheme->cancellable);
        g_object_unref(scheme->cancellable);
        g_dbus_connection_signal_unsubscribe(scheme->bus, scheme->subscription);
        g_object_unref(scheme->bus);
    }
    g_signal_handlers_disconnect_by_data(scheme->action, scheme);
    g_object_unref(scheme->action);
    g_free(scheme);
}
