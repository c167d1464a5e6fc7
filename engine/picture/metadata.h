/* What goes from file to file with a picture besides its pixels. Private; row_writer.h says what is kept. */
#pragma once

#include "row_writer.h"

enum {
    PST_MAX_XMP = 1 << 20,       /* bytes */
    PST_MAX_TEXTS = 64,          /* of a picture */
    PST_MAX_TEXT = 1 << 20,      /* bytes of one */
    PST_MAX_ALL_TEXTS = 4 << 20, /* bytes of all */
    PST_MAX_TEXT_KEY = 79,       /* PNG's own limit */
};

/* Keywords of PNG text. */
#define PST_TEXT_COMMENT "Comment"
#define PST_TEXT_XMP     "XML:com.adobe.xmp"
#define PST_TEXT_RECIPE  "pastiche-recipe"

#define PST_TIFF_RECIPE 65000  /* tag of TIFF, one of those that any program may use (TIFF 6.0, section 2) */
#define PST_WEBP_RECIPE "PSTC" /* chunk of WebP */

/* For decoders: adds a text of the file, `size` bytes of UTF-8 or Latin-1. XMP, recipes, and EXIF and IPTC as raw
 * profiles go to their own members of `info`. What is too large or too much is dropped, and noted in info->lost. */
void pst_metadata_take_text(PstPictureInfo *info, const char *key, const char *text, gsize size);
void pst_metadata_take_xmp(PstPictureInfo *info, const void *data, gsize size);
void pst_metadata_take_recipe(PstPictureInfo *info, const void *data, gsize size);

/* The orientation: EXIF's, or, where that is 0, that of info's XMP, or 1. */
void pst_metadata_take_orientation(PstPictureInfo *info, int exif);

/* Moves what `late` (read after the pixels) has and `info` has not, and joins their texts in a new list. */
void pst_metadata_merge(PstPictureInfo *info, PstPictureInfo *late);

/* What is to be written. */
typedef struct {
    GBytes *exif;       /* from the TIFF header on, or NULL */
    GBytes *xmp;        /* or NULL */
    GBytes *iptc;       /* as Photoshop's image resources, or NULL */
    GPtrArray *texts;   /* PstPictureText, never NULL; such that the format can hold */
    const char *recipe; /* borrowed, or NULL */
    guint lost;         /* PstLost */
} PstMetadataParts;

void pst_metadata_parts_init(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options);
void pst_metadata_parts_clear(PstMetadataParts *parts);

/* "left behind: the gain map, the video", translated and owned by the caller, or NULL for 0. */
char *pst_metadata_lost_text(guint lost);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstMetadataParts, pst_metadata_parts_clear)
