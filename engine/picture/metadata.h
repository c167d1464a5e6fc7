/* What goes from file to file with a picture besides its pixels. Private; row_writer.h says what is kept. */
#pragma once

#include "row_writer.h"

G_BEGIN_DECLS

enum {
    PST_MAX_XMP = 65000,   /* bytes: a JPEG's segment has room for 65,504 */
    PST_MAX_TEXTS = 64,    /* of a picture */
    PST_MAX_TEXT = 60000,  /* bytes of one */
    PST_MAX_TEXT_KEY = 79, /* PNG's own limit */
};

/* Keywords of PNG text. */
#define PST_TEXT_COMMENT "Comment"
#define PST_TEXT_XMP     "XML:com.adobe.xmp"
#define PST_TEXT_RECIPE  "pastiche-recipe"

/* For decoders: adds a text of the file, `size` bytes of UTF-8 or Latin-1. XMP and recipes go to their own members of
 * `info`. Texts that are too large or too many are dropped. */
void pst_metadata_take_text(PstPictureInfo *info, const char *key, const char *text, gsize size);
void pst_metadata_take_xmp(PstPictureInfo *info, const void *data, gsize size);
void pst_metadata_take_recipe(PstPictureInfo *info, const void *data, gsize size);

/* Moves what `late` (read after the pixels) has and `info` has not, and joins their texts in a new list. */
void pst_metadata_merge(PstPictureInfo *info, PstPictureInfo *late);

/* What is to be written. */
typedef struct {
    GBytes *exif;       /* from the TIFF header on, or NULL */
    GBytes *xmp;        /* or NULL */
    GPtrArray *texts;   /* PstPictureText, never NULL */
    const char *recipe; /* borrowed, or NULL */
} PstMetadataParts;

void pst_metadata_parts_init(PstMetadataParts *parts, const PstPictureInfo *info, const PstWriteOptions *options);
void pst_metadata_parts_clear(PstMetadataParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstMetadataParts, pst_metadata_parts_clear)

G_END_DECLS
