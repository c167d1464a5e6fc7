#include "model_private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#ifndef PST_INSTALLED_DATA
#error "the build defines where data is installed and where its source lies"
#endif

G_DEFINE_QUARK(pst-model-error-quark, pst_model_error);

struct PstModel {
    PstEncoder *encoder;
    char *encoder_hash;
    PstGenerator *generator;
    char *generator_hash;
    char *encoder_path;
    GMutex lock;                 /* of: */
    PstFeatureNetwork *features; /* or NULL: nobody has asked for it */
};

/* Errors of the weights reader begin with the file's name; so do those about what the file should hold. */
static PstTensors *read_weights(const char *path, const char *network, GError **error)
{
    g_autoptr(PstTensors) weights = pst_tensors_read(path, NULL, error);
    const char *found = weights ? pst_tensors_metadata(weights, "network") : NULL;

    if (weights && g_strcmp0(found, network) != 0) {
        g_set_error(error, PST_MODEL_ERROR, PST_MODEL_ERROR_FILE, _("%s: is not a %s weights file of Pastiche"), path,
                    network);
        return NULL;
    }
    return g_steal_pointer(&weights);
}

static void add_tensor(GChecksum *sum, const PstTensors *weights, const char *name)
{
    const PstTensor *tensor = pst_tensors_find(weights, name);

    g_checksum_update(sum, (const guchar *)name, -1);
    g_checksum_update(sum, (const guchar *)tensor->floats, tensor->count * sizeof(float));
}

static char *hash_generator(const PstTensors *weights)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    add_tensor(sum, weights, "code.weight");
    return g_strdup(g_checksum_get_string(sum));
}

/* Of names and values of all tensors that pst_encoder_new() takes. */
static char *hash_encoder(const PstTensors *weights)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (int i = 0; i < PST_ENCODER_LAYERS; i++) {
        const PstLayer *layer = &pst_encoder_layers[i];
        const char *kinds[] = { "weight", "bias" };

        for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
            g_autofree char *name = g_strdup_printf("%s.%s", layer->name, kinds[k]);

            add_tensor(sum, weights, name);
        }
        if (layer->tap == PST_STYLE_TAPS) {
            break;
        }
    }
    return g_strdup(g_checksum_get_string(sum));
}

PstModel *pst_model_load(const char *encoder, const char *generator, GError **error)
{
    g_autoptr(PstModel) model = g_new0(PstModel, 1);
    g_autoptr(PstTensors) encoder_weights = read_weights(encoder, "pastiche-encoder", error);
    g_autoptr(PstTensors) generator_weights = NULL;

    g_mutex_init(&model->lock);
    if (!encoder_weights || !(generator_weights = read_weights(generator, "pastiche-generator", error))) {
        return NULL;
    }
    model->encoder = pst_encoder_new(encoder_weights, error);
    if (!model->encoder) {
        return NULL;
    }
    model->encoder_hash = hash_encoder(encoder_weights);
    model->encoder_path = g_strdup(encoder);
    model->generator = pst_generator_new(generator_weights, error);
    if (!model->generator) {
        return NULL;
    }
    model->generator_hash = hash_generator(generator_weights);
    return g_steal_pointer(&model);
}

/* A program that was moved as a whole still finds its data: share/pastiche lies beside the folder bin. */
static char *beside_program(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;
    g_autofree char *place = folder ? g_build_filename(folder, "..", "share", "pastiche", NULL) : NULL;

    return place ? g_canonicalize_filename(place, NULL) : NULL;
}

char *pst_data_folder(GError **error)
{
    g_autofree char *beside = beside_program();
    const char *places[] = { g_getenv("PASTICHE_DATA"), beside, PST_INSTALLED_DATA, PST_SOURCE_DATA };

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *file = places[i] ? g_build_filename(places[i], "base.safetensors", NULL) : NULL;

        /* The environment is explicit: its folder is taken even if it turns out to be wrong. */
        if (file && (i == 0 || g_file_test(file, G_FILE_TEST_EXISTS))) {
            return g_strdup(places[i]);
        }
    }
    g_set_error(error, PST_MODEL_ERROR, PST_MODEL_ERROR_MISSING, _("%s/base.safetensors: is missing"),
                PST_INSTALLED_DATA);
    return NULL;
}

PstModel *pst_model_load_default(GError **error)
{
    g_autofree char *folder = pst_data_folder(error);

    if (!folder) {
        return NULL;
    }
    g_autofree char *encoder = g_build_filename(folder, "encoder.safetensors", NULL);
    g_autofree char *generator = g_build_filename(folder, "base.safetensors", NULL);
    return pst_model_load(encoder, generator, error);
}

void pst_model_free(PstModel *model)
{
    if (!model) {
        return;
    }
    pst_encoder_free(model->encoder);
    pst_generator_free(model->generator);
    pst_feature_network_free(model->features);
    g_free(model->encoder_hash);
    g_free(model->generator_hash);
    g_free(model->encoder_path);
    g_mutex_clear(&model->lock);
    g_free(model);
}

char *pst_model_folder(const PstModel *model)
{
    return g_path_get_dirname(model->encoder_path);
}

const PstEncoder *pst_model_encoder(const PstModel *model)
{
    return model->encoder;
}

const PstGenerator *pst_model_generator(const PstModel *model)
{
    return model->generator;
}

const PstFeatureNetwork *pst_model_feature_network(const PstModel *model, GError **error)
{
    PstModel *owner = (PstModel *)model;

    g_mutex_lock(&owner->lock);
    if (!owner->features) {
        g_autoptr(PstTensors) weights = read_weights(model->encoder_path, "pastiche-encoder", error);

        owner->features = weights ? pst_feature_network_new(weights, error) : NULL;
    }
    g_mutex_unlock(&owner->lock);
    return owner->features;
}

const char *pst_model_encoder_hash(const PstModel *model)
{
    return model->encoder_hash;
}

const char *pst_model_generator_hash(const PstModel *model)
{
    return model->generator_hash;
}
