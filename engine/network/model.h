/* The networks that paint, loaded: an encoder and the generator trained for it. */
#pragma once

#include <gio/gio.h>

#define PST_MODEL_ERROR pst_model_error_quark()
GQuark pst_model_error_quark(void);

typedef enum {
    PST_MODEL_ERROR_FILE,   /* not a weights file of this program, or a damaged one */
    PST_MODEL_ERROR_MISSING /* the program's data files were not found */
} PstModelError;

typedef struct PstModel PstModel;

/** Loads `encoder` and `generator` (safetensors files). NULL with PST_MODEL_ERROR or PST_TENSORS_ERROR
 *  when a file can't be read, or is not exactly such a network. Free with pst_model_free(). A model is read-only and
 *  may be shared by threads. */
PstModel *pst_model_load(const char *encoder, const char *generator, GError **error);

/** Loads encoder.safetensors and base.safetensors of the data folder: $PASTICHE_DATA where set, else share/pastiche
 *  beside the program's folder, else the installed one, else `data` of the source tree that the program was built
 *  from. */
PstModel *pst_model_load_default(GError **error);

void pst_model_free(PstModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstModel, pst_model_free)

/** The SHA-256 of the encoder's weights, hexadecimal, owned by the model. Cached results hold for one encoder only. */
const char *pst_model_encoder_hash(const PstModel *model);

/** The SHA-256 of the generator's map from statistics to style codes, which every training changes; owned by the
 *  model. */
const char *pst_model_generator_hash(const PstModel *model);

/** The folder where the program's data files lie (see pst_model_load_default()), or NULL and PST_MODEL_ERROR_MISSING.
 *  Free with g_free(). It holds encoder.safetensors, base.safetensors and the folder styles/ of built-in styles. */
char *pst_data_folder(GError **error);
