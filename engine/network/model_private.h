/* The parts of a model, for the engine's own use. */
#pragma once

#include "encoder.h"
#include "feature_network.h"
#include "generator.h"
#include "model.h"

/** The folder of the encoder's file, where other data lie beside it; owned by the caller. */
char *pst_model_folder(const PstModel *model);

/** Both are owned by the model. */
const PstEncoder *pst_model_encoder(const PstModel *model);
const PstGenerator *pst_model_generator(const PstModel *model);

/** The encoder with all its layers and the way back, which refinement looks through. Made when it is asked for first,
 *  by whatever thread, and owned by the model. NULL and PST_TENSORS_ERROR where the weights can't be read again. */
const PstFeatureNetwork *pst_model_feature_network(const PstModel *model, GError **error);
