/* An export that ends while nobody looks: the notification, and its button that shows the file in its folder. The
 * desktop's notification service and file manager are played by this test, on a private bus. */
#include <glib/gstdio.h>
#include <string.h>

#include "app/application.h"
#include "harness.h"

/* What the desktop was asked for. */
typedef struct {
    GDBusConnection *bus;
    int ready; /* names that are owned */
    char *title, *body;
    char *button; /* the notification's action, as it is to come back */
    char *button_text;
    char *shown; /* the URI that the file manager was to show */
} Desktop;

static const char *const interfaces =
    "<node>"
    "<interface name='org.freedesktop.Notifications'>"
    "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
    "</interface>"
    "<interface name='org.freedesktop.FileManager1'>"
    "<method name='ShowItems'><arg type='as' direction='in'/><arg type='s' direction='in'/></method>"
    "</interface>"
    "</node>";

static void on_call(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                    const char *method, GVariant *parameters, GDBusMethodInvocation *invocation, gpointer data)
{
    Desktop *desktop = data;

    if (g_str_equal(method, "Notify")) {
        g_autofree const char **actions = NULL;
        gsize count;
        g_autoptr(GVariant) list = g_variant_get_child_value(parameters, 5);

        g_variant_get_child(parameters, 3, "s", &desktop->title);
        g_variant_get_child(parameters, 4, "s", &desktop->body);
        actions = g_variant_get_strv(list, &count);
        for (gsize i = 0; i + 1 < count; i += 2) {
            if (!g_str_equal(actions[i], "default")) {
                desktop->button = g_strdup(actions[i]);
                desktop->button_text = g_strdup(actions[i + 1]);
            }
        }
        g_dbus_method_invocation_return_value(invocation, g_variant_new("(u)", 7));
    } else if (g_str_equal(method, "ShowItems")) {
        g_autoptr(GVariant) list = g_variant_get_child_value(parameters, 0);

        g_variant_get_child(list, 0, "s", &desktop->shown);
        g_dbus_method_invocation_return_value(invocation, NULL);
    } else {
        g_dbus_method_invocation_return_value(invocation, NULL);
    }
}

static void on_owned(GDBusConnection *bus, const char *name, gpointer data)
{
    ((Desktop *)data)->ready++;
}

static gboolean is_ready(gpointer data)
{
    return ((Desktop *)data)->ready == 2;
}

static void serve(Desktop *desktop, GDBusNodeInfo *node, int index, const char *path)
{
    static const GDBusInterfaceVTable table = { .method_call = on_call };
    GDBusInterfaceInfo *info = node->interfaces[index];

    g_assert_cmpuint(g_dbus_connection_register_object(desktop->bus, path, info, &table, desktop, NULL, NULL), >, 0);
    g_bus_own_name_on_connection(desktop->bus, info->name, G_BUS_NAME_OWNER_FLAGS_NONE, on_owned, NULL, desktop, NULL);
}

/* A connection of its own, as another program has it. */
static void desktop_start(Desktop *desktop)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *address = g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, NULL, &error);
    g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(interfaces, &error);

    g_assert_no_error(error);
    desktop->bus = g_dbus_connection_new_for_address_sync(
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
        NULL, &error);
    g_assert_no_error(error);
    serve(desktop, node, 0, "/org/freedesktop/Notifications");
    serve(desktop, node, 1, "/org/freedesktop/FileManager1");
    spin_until(is_ready, desktop);
}

static void desktop_end(Desktop *desktop)
{
    g_dbus_connection_close_sync(desktop->bus, NULL, NULL);
    g_object_unref(desktop->bus);
    g_free(desktop->title);
    g_free(desktop->body);
    g_free(desktop->button);
    g_free(desktop->button_text);
    g_free(desktop->shown);
}

static gboolean is_notified(gpointer data)
{
    return ((Desktop *)data)->title != NULL;
}

static gboolean is_shown(gpointer data)
{
    return ((Desktop *)data)->shown != NULL;
}

static gboolean has_no_window(gpointer application)
{
    return gtk_application_get_windows(application) == NULL;
}

/* Starts an export in a window that is in the background, as no window here has the focus. */
static PstWindow *begin(GtkApplication *application, const char *folder)
{
    g_autofree char *path = sample_photo();
    PstWindow *window;

    g_application_activate(G_APPLICATION(application));
    window = PST_WINDOW(gtk_application_get_active_window(application));
    pst_document_open(pst_window_document(window), path);
    window_rest(window);
    g_signal_emit_by_name(find_type(window, "GtkGridView"), "activate", 4);
    window_rest(window);
    window_export(window, folder);
    return window;
}

static void test_notification(gconstpointer data)
{
    GtkApplication *application = (GtkApplication *)data;
    Desktop desktop = { 0 };
    g_autofree char *folder = scratch_path("");
    PstWindow *window;

    desktop_start(&desktop);
    window = begin(application, folder);
    spin_until(is_notified, &desktop);
    g_assert_cmpstr(desktop.title, ==, "Painting saved");
    g_assert_cmpstr(desktop.button_text, ==, "Show in Folder");
    g_assert_true(g_str_has_prefix(desktop.body, folder));
    g_assert_true(g_file_test(desktop.body, G_FILE_TEST_IS_REGULAR));
    /* Its button is pressed. */
    g_dbus_connection_emit_signal(desktop.bus, NULL, "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                                  "ActionInvoked", g_variant_new("(us)", 7, desktop.button), NULL);
    spin_until(is_shown, &desktop);
    g_autofree char *shown = g_filename_from_uri(desktop.shown, NULL, NULL);
    g_assert_cmpstr(shown, ==, desktop.body);
    g_remove(shown);
    gtk_window_destroy(GTK_WINDOW(window));
    spin_until(has_no_window, application);
    desktop_end(&desktop);
}

/* The window is closed while its export is under way, and that comes to a good end, or tells why not. */
static void test_failure_is_told(gconstpointer data)
{
    GtkApplication *application = (GtkApplication *)data;
    Desktop desktop = { 0 };
    PstWindow *window;

    desktop_start(&desktop);
    window = begin(application, "/proc/nobody writes here");
    gtk_window_destroy(GTK_WINDOW(window));
    spin_until(is_notified, &desktop);
    g_assert_cmpstr(desktop.title, ==, "Painting not saved");
    g_assert_nonnull(strstr(desktop.body, "choose another"));
    g_assert_null(desktop.button);
    desktop_end(&desktop);
}

int main(int argc, char **argv)
{
    g_autoptr(PstApplication) application = NULL;
    g_autoptr(GError) error = NULL;

    if (!harness_init(&argc, &argv)) {
        return 0;
    }
    application = pst_application_new();
    g_assert_true(g_application_register(G_APPLICATION(application), NULL, &error));
    g_test_add_data_func("/notification/saved", application, test_notification);
    g_test_add_data_func("/notification/failed", application, test_failure_is_told);
    return g_test_run();
}
