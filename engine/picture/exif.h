/* The few EXIF tags that reading a picture needs (CIPA DC-008, which is TIFF 6.0 inside). Private.
 *
 * Own code rather than libexif: a handful of tags is a hundred bounds-checked lines, against a
 * library that builds a tree of everything, maker notes included, out of what may be a hostile
 * file. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    int orientation;     /* 1..8; 1 when missing or senseless */
    double dpi_x, dpi_y; /* as stored, before orientation; 0 when missing or senseless */
    gboolean adobe_rgb;  /* DCF's optional colour space (interoperability index "R03"), which
                          * cameras set to Adobe RGB write instead of a profile */
} PstExif;

/* Reads a block that begins with the TIFF header ("II*\0" or "MM\0*"). Never fails: what is missing
 * or broken gets the defaults above. */
PstExif pst_exif_parse(const guint8 *data, gsize size);

G_END_DECLS
