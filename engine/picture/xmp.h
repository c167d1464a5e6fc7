/* XMP (ISO 16684-1): what reading a picture needs of it, and a new packet for the painting. Private.
 *
 * The packet is read as the XML that it is, by libxml2, without a network, a DTD or entities. Properties are judged by
 * name space and name (xmp_names.h), wherever in the packet they are. */
#pragma once

#include "row_writer.h"

/* What is true of the new picture. */
typedef struct {
    int width, height;
    int orientation;                 /* EXIF's, 1..8, by which the old picture was turned upright */
    gboolean resized;                /* besides that */
    gboolean place;                  /* keep where the photograph was taken */
    gsize most;                      /* bytes that the packet may have; larger properties are left out first */
    const PstProvenance *provenance; /* or NULL */
} PstXmpChanges;

/* The orientation that a packet tells, 1..8; 0 where it tells none. */
int pst_xmp_orientation(GBytes *xmp);

/* Whether a packet has a property of this program's own name space. */
gboolean pst_xmp_is_ours(GBytes *xmp);

/* The text of a property of any description, the caller's, or NULL. `space` is a name space of xmp_names.h. */
char *pst_xmp_text(GBytes *xmp, const char *space, const char *name);

/* A packet with what `xmp` (NULL: nothing) says and `changes` leave true, regions turned with the picture. Adds to
 * `lost` what the painting has not (PstLost). NULL where nothing is left, or the packet is no sound XML. */
GBytes *pst_xmp_rewrite(GBytes *xmp, const PstXmpChanges *changes, guint *lost);
