/* The parts of a model, for the engine's own use. */
#pragma once

#include "encoder.h"
#include "generator.h"
#include "model.h"

G_BEGIN_DECLS

/** Both are owned by the model. */
const PstEncoder *pst_model_encoder(const PstModel *model);
const PstGenerator *pst_model_generator(const PstModel *model);

G_END_DECLS
