#include "training_setup.h"

#include <glib/gi18n.h>

#include "app/common/rights.h"
#include "app/desktop/training_run.h"
#include "field.h"
#include "file_chooser.h"
#include "finding_list.h"

struct _PstTrainingSetup {
    GtkWidget parent_instance;
    GtkWidget *scroller, *unfinished_box, *unfinished, *rights, *name, *artist, *author, *licence, *photos,
        *photos_label, *no_photos, *fine, *lack_label;
    PstPictureWell *well;
    PstFindingList *findings;
    PstTrainingPictures *pictures;
    char *guess;      /* of the name, or NULL */
    char *folder;     /* of photographs, or NULL */
    const char *lack; /* why it is not ready, or NULL */
};

G_DEFINE_FINAL_TYPE(PstTrainingSetup, pst_training_setup, GTK_TYPE_WIDGET)

enum { READY = 1, PICTURES, PROPERTIES };
static GParamSpec *properties[PROPERTIES];
static guint unfinished_signal;

static gboolean has_text(GtkWidget *entry)
{
    g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry))));

    return *text != '\0';
}

/* The answer (PstRights), or -1: nothing was chosen yet. */
static int rights_of(PstTrainingSetup *setup)
{
    return (int)gtk_drop_down_get_selected(GTK_DROP_DOWN(setup->rights)) - 1;
}

static void update_ready(PstTrainingSetup *setup)
{
    const char *lack = g_list_model_get_n_items(G_LIST_MODEL(setup->pictures)) == 0
                           ? _("Drop at least one picture of the style above.")
                       : rights_of(setup) < 0   ? _("Say whose pictures these are.")
                       : !has_text(setup->name) ? _("Give the style a name.")
                                                : NULL;

    gtk_label_set_text(GTK_LABEL(setup->lack_label), lack ? lack : "");
    gtk_widget_set_visible(setup->lack_label, lack != NULL);
    if (setup->lack != lack) {
        setup->lack = lack;
        g_object_notify_by_pspec(G_OBJECT(setup), properties[READY]);
    }
}

/* As long as nothing else was written there. */
static void guess_name(PstTrainingSetup *setup)
{
    g_autofree char *guess = pst_training_pictures_guess_name(setup->pictures);

    if (has_text(setup->name) && g_strcmp0(gtk_editable_get_text(GTK_EDITABLE(setup->name)), setup->guess) != 0) {
        return;
    }
    g_free(setup->guess);
    setup->guess = g_strdup(guess ? guess : "");
    gtk_editable_set_text(GTK_EDITABLE(setup->name), setup->guess);
}

/* ---- whose pictures they are ---------------------------------------------------------------- */

/* A drop-down shows its first item until one is chosen; so the first is no answer. */
static void list_rights(PstTrainingSetup *setup)
{
    g_autoptr(GtkStringList) answers = gtk_string_list_new((const char *const[]){ _("Choose…"), NULL });

    for (int i = 0; i < PST_RIGHTS; i++) {
        gtk_string_list_append(answers, pst_rights_label((PstRights)i));
    }
    gtk_drop_down_set_model(GTK_DROP_DOWN(setup->rights), G_LIST_MODEL(answers));
}

/* Of other pictures it is asked again. */
static void forget_rights(PstTrainingSetup *setup)
{
    if (g_list_model_get_n_items(G_LIST_MODEL(setup->pictures)) == 0) {
        gtk_drop_down_set_selected(GTK_DROP_DOWN(setup->rights), 0);
    }
}

/* ---- the data check ------------------------------------------------------------------------- */

static void show_check(PstTrainingSetup *setup)
{
    if (pst_training_pictures_is_checking(setup->pictures)) {
        pst_finding_list_set_note(setup->findings, _("Looking at the pictures…"));
    } else if (pst_training_pictures_message(setup->pictures)) {
        pst_finding_list_set_note(setup->findings, pst_training_pictures_message(setup->pictures));
    } else {
        pst_finding_list_set_report(setup->findings, pst_training_pictures_report(setup->pictures), TRUE);
    }
}

static void on_keep(PstFindingList *findings, const char *const *files, PstTrainingSetup *setup)
{
    pst_training_pictures_keep(setup->pictures, files);
}

/* ---- photographs ---------------------------------------------------------------------------- */

static void show_folder(PstTrainingSetup *setup)
{
    g_autofree char *name = setup->folder ? g_filename_display_basename(setup->folder) : NULL;

    gtk_label_set_text(GTK_LABEL(setup->photos_label), name ? name : _("The program’s samples"));
    gtk_widget_set_visible(setup->no_photos, name != NULL);
}

static void on_folder_chosen(gpointer widget, GFile *file)
{
    PstTrainingSetup *setup = widget;

    g_free(setup->folder);
    setup->folder = g_file_get_path(file);
    show_folder(setup);
}

static void on_photos(PstTrainingSetup *setup)
{
    pst_file_chooser_show(pst_file_chooser_new(setup, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Folder of Photographs"),
                                               "open-folder", on_folder_chosen));
}

static void on_no_photos(PstTrainingSetup *setup)
{
    g_clear_pointer(&setup->folder, g_free);
    show_folder(setup);
}

/* ---- trainings that were left --------------------------------------------------------------- */

static void on_go_on(GtkButton *button, PstTrainingSetup *setup)
{
    g_autoptr(PstTrainingRun) run = g_object_ref(g_object_get_data(G_OBJECT(button), "run"));

    g_signal_emit(setup, unfinished_signal, 0, run);
}

static void on_forget(GtkButton *button, PstTrainingSetup *setup)
{
    pst_training_run_discard(g_object_get_data(G_OBJECT(button), "run"));
    pst_training_setup_list_unfinished(setup);
}

static void add_unfinished(PstTrainingSetup *setup, PstTrainingRequest *request)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *row = gtk_list_box_row_new();
    GtkWidget *label = gtk_label_new(request->name);
    GtkWidget *go = gtk_button_new_with_mnemonic(_("_Go On"));
    GtkWidget *forget = gtk_button_new_from_icon_name("user-trash-symbolic");
    PstTrainingRun *run = pst_training_run_new(request, NULL);

    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(label, TRUE);
    gtk_widget_set_tooltip_text(forget, _("Forget this training"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(forget), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Forget this training"),
                                   -1);
    gtk_widget_add_css_class(forget, "flat");
    gtk_box_append(GTK_BOX(box), label);
    gtk_box_append(GTK_BOX(box), go);
    gtk_box_append(GTK_BOX(box), forget);
    gtk_widget_add_css_class(box, "finding");
    g_object_set_data(G_OBJECT(go), "run", run);
    g_object_set_data_full(G_OBJECT(forget), "run", run, g_object_unref);
    g_signal_connect(go, "clicked", G_CALLBACK(on_go_on), setup);
    g_signal_connect(forget, "clicked", G_CALLBACK(on_forget), setup);
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    gtk_list_box_append(GTK_LIST_BOX(setup->unfinished), row);
}

void pst_training_setup_list_unfinished(PstTrainingSetup *setup)
{
    g_autoptr(GPtrArray) requests = pst_training_request_list();
    PstTrainingRun *current = pst_training_run_current();
    GtkWidget *row;

    while ((row = gtk_widget_get_first_child(setup->unfinished))) {
        gtk_list_box_remove(GTK_LIST_BOX(setup->unfinished), row);
    }
    for (guint i = 0; i < requests->len; i++) {
        PstTrainingRequest *request = requests->pdata[i];

        if (!current || g_strcmp0(pst_training_run_request(current)->path, request->path) != 0) {
            requests->pdata[i] = NULL;
            add_unfinished(setup, request);
        }
    }
    gtk_widget_set_visible(setup->unfinished_box, gtk_widget_get_first_child(setup->unfinished) != NULL);
}

/* ---- all of it ------------------------------------------------------------------------------ */

const char *pst_training_setup_lack(PstTrainingSetup *setup)
{
    return setup->lack;
}

/* What was written, or NULL; owned by the caller. */
static char *text_of(GtkWidget *entry)
{
    return has_text(entry) ? g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(entry)))) : NULL;
}

PstTrainingRequest *pst_training_setup_request(PstTrainingSetup *setup)
{
    g_autofree char *name = text_of(setup->name);
    PstTrainingRequest *request = pst_training_request_new(name ? name : "");

    g_strfreev(request->pictures);
    request->pictures = pst_training_pictures_paths(setup->pictures);
    request->photos = g_strdup(setup->folder);
    request->artist = text_of(setup->artist);
    request->author = text_of(setup->author);
    request->licence = text_of(setup->licence);
    if (!request->licence && rights_of(setup) >= 0) {
        request->licence = g_strdup(pst_rights_licence((PstRights)rights_of(setup)));
    }
    request->fine = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(setup->fine));
    request->crop = pst_finding_list_crop(setup->findings);
    return request;
}

static void pst_training_setup_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PstTrainingSetup *setup = PST_TRAINING_SETUP(object);

    if (id == PICTURES) {
        g_value_set_object(value, setup->pictures);
    } else {
        g_value_set_boolean(value, !setup->lack);
    }
}

static void pst_training_setup_dispose(GObject *object)
{
    PstTrainingSetup *setup = PST_TRAINING_SETUP(object);

    gtk_widget_dispose_template(GTK_WIDGET(object), PST_TYPE_TRAINING_SETUP);
    g_clear_object(&setup->pictures);
    G_OBJECT_CLASS(pst_training_setup_parent_class)->dispose(object);
}

static void pst_training_setup_finalize(GObject *object)
{
    g_free(PST_TRAINING_SETUP(object)->folder);
    g_free(PST_TRAINING_SETUP(object)->guess);
    G_OBJECT_CLASS(pst_training_setup_parent_class)->finalize(object);
}

static void pst_training_setup_class_init(PstTrainingSetupClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

    g_type_ensure(PST_TYPE_FIELD);
    g_type_ensure(PST_TYPE_FINDING_LIST);
    g_type_ensure(PST_TYPE_PICTURE_WELL);
    G_OBJECT_CLASS(klass)->get_property = pst_training_setup_get_property;
    G_OBJECT_CLASS(klass)->dispose = pst_training_setup_dispose;
    G_OBJECT_CLASS(klass)->finalize = pst_training_setup_finalize;
    properties[READY] = g_param_spec_boolean("ready", NULL, NULL, FALSE, flags);
    properties[PICTURES] = g_param_spec_object("pictures", NULL, NULL, PST_TYPE_TRAINING_PICTURES, flags);
    g_object_class_install_properties(G_OBJECT_CLASS(klass), PROPERTIES, properties);
    unfinished_signal = g_signal_new("unfinished", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, PST_TYPE_TRAINING_RUN);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class, "/org/pastiche/Pastiche/ui/training_setup.ui");
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, scroller);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, unfinished_box);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, unfinished);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, lack_label);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, well);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, findings);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, rights);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, name);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, artist);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, author);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, licence);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, photos);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, photos_label);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, no_photos);
    gtk_widget_class_bind_template_child(widget_class, PstTrainingSetup, fine);
}

static void pst_training_setup_init(PstTrainingSetup *setup)
{
    gtk_widget_init_template(GTK_WIDGET(setup));
    setup->pictures = pst_training_pictures_new();
    pst_picture_well_set_pictures(setup->well, setup->pictures);
    g_signal_connect_object(setup->pictures, "items-changed", G_CALLBACK(guess_name), setup, G_CONNECT_SWAPPED);
    g_signal_connect_object(setup->pictures, "items-changed", G_CALLBACK(forget_rights), setup, G_CONNECT_SWAPPED);
    g_signal_connect_object(setup->pictures, "items-changed", G_CALLBACK(update_ready), setup, G_CONNECT_SWAPPED);
    g_signal_connect_object(setup->pictures, "notify::checking", G_CALLBACK(show_check), setup, G_CONNECT_SWAPPED);
    list_rights(setup);
    g_signal_connect_swapped(setup->rights, "notify::selected", G_CALLBACK(update_ready), setup);
    g_signal_connect_swapped(setup->name, "changed", G_CALLBACK(update_ready), setup);
    g_signal_connect(setup->findings, "keep", G_CALLBACK(on_keep), setup);
    g_signal_connect_swapped(setup->photos, "clicked", G_CALLBACK(on_photos), setup);
    g_signal_connect_swapped(setup->no_photos, "clicked", G_CALLBACK(on_no_photos), setup);
    show_folder(setup);
    pst_training_setup_list_unfinished(setup);
    update_ready(setup);
}
