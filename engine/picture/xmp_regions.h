/* Face regions in XMP (Metadata Working Group, Guidelines for Handling Image Metadata 2.0, 5.9). Private. */
#pragma once

#include "xmp.h"

#include <libxml/tree.h>

/* Turns the regions with the picture, and says how large it is now. */
void pst_xmp_turn_regions(xmlNode *rdf, const PstXmpChanges *changes);
