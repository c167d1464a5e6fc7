/* Tells where the photograph of a document is unlike anything that the painter was trained on. */
#pragma once

#include "document.h"

/** From now on, for each photograph that is opened: found out when there is nothing more urgent, and told by "message"
 *  of the document. Both have to outlive the engine's work. */
void pst_familiarity_check_follow(PstDocument *document, PstEngineService *service);
