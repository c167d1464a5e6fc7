/* Properties of XMP by name: which tell a place, which describe the old file. Private. */
#pragma once

#include <glib.h>

#define PST_XMP_RDF      "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define PST_XMP_TIFF     "http://ns.adobe.com/tiff/1.0/"
#define PST_XMP_EXIF     "http://ns.adobe.com/exif/1.0/"
#define PST_XMP_BASIC    "http://ns.adobe.com/xap/1.0/"
#define PST_XMP_IPTC     "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
#define PST_XMP_IPTC_EXT "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
#define PST_XMP_REGIONS  "http://www.metadataworkinggroup.com/schemas/regions/"
#define PST_XMP_AREA     "http://ns.adobe.com/xmp/sType/Area#"
#define PST_XMP_SIZE     "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
#define PST_XMP_OWN      "https://pastiche.org/ns/1.0/" /* this program's */

typedef enum {
    PST_XMP_KEEP,
    PST_XMP_PLACE,    /* tells where the photograph was taken */
    PST_XMP_OUTDATED, /* describes the old file */
    PST_XMP_GEOMETRY, /* the same, if the picture was turned or resized */
    PST_XMP_UPRIGHT,  /* the orientation */
    PST_XMP_WIDTH,    /* in pixels */
    PST_XMP_HEIGHT,
} PstXmpKind;

/* `space` is the name space's URI, "" where there is none. Adds to `lost` what an outdated property spoke of. */
PstXmpKind pst_xmp_judge(const char *space, const char *name, guint *lost);

/* Whether the name space holds nothing but outdated properties. */
gboolean pst_xmp_is_outdated_space(const char *space);
