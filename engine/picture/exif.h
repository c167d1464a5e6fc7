/* EXIF (CIPA DC-008, which is TIFF 6.0 inside): the few tags that reading a picture needs, and a new block for the
 * painting. Private.
 *
 * Own code, not libexif: a few tags take a hundred bounds-checked lines. libexif builds a tree of everything, maker
 * notes included, out of what may be a hostile file. */
#pragma once

#include <glib.h>

typedef struct {
    int orientation;     /* 1..8; 0 when missing or senseless */
    double dpi_x, dpi_y; /* as stored, before orientation; 0 when missing or senseless */
    gboolean adobe_rgb;  /* DCF's optional colour space (interoperability index "R03"), which
                          * cameras set to Adobe RGB write instead of a profile; or the colour
                          * space 2 or the primaries that others write for it */
} PstExif;

/* Reads a block that begins with the TIFF header ("II*\0" or "MM\0*"). Never fails: missing or broken
 * values get the defaults above. */
PstExif pst_exif_parse(const guint8 *data, gsize size);

/* What is true of the new picture. */
typedef struct {
    int width, height;
    double dpi_x, dpi_y; /* 0: unknown */
    gboolean place;      /* keep where the photograph was taken */
    gboolean srgb;       /* else of a profile */
} PstExifChanges;

/* A block that fits into a JPEG's segment, with what `exif` says about the photograph (camera, lens, exposure, date,
 * author, ...), upright, of the new colour space and size. Left out are the thumbnail, which shows the photograph, and
 * what describes the old file; without `place` also the GPS directory, IPTC data, and maker notes, which only their
 * maker can search for a place. Broken and too large entries are left out. NULL when nothing is left. */
GBytes *pst_exif_rewrite(GBytes *exif, const PstExifChanges *changes);
