/* What a file is, by its first bytes, and where they say nothing of a video, by its name. */
#pragma once

#include <glib.h>

typedef enum {
    PST_FILE_OTHER,         /* anything else, or it can't be opened */
    PST_FILE_EMPTY,         /* a regular file of no bytes */
    PST_FILE_PICTURE,       /* begins like a picture that can be read */
    PST_FILE_TENSORS,       /* begins like a safetensors file: a style or a model */
    PST_FILE_JSON,          /* begins like a JSON object: a recipe */
    PST_FILE_VIDEO,         /* begins like a video, or is called like one */
    PST_FILE_OTHER_PICTURE, /* begins like a picture that can't be read here */
} PstFileKind;

/** Reads a few bytes of a regular file; others, pipes say, are PST_FILE_OTHER and left alone. */
PstFileKind pst_file_kind(const char *path);

/** The media types (RFC 6838) of the pictures that can be read, for file choosers; NULL-terminated, a constant. */
const char *const *pst_media_types(void);

/** The base name of a file without the suffix of a picture, a video or a style, in GLib's file name encoding;
 *  owned by the caller. */
char *pst_file_stem(const char *path);

/** A text that is the same for two paths exactly when they are one file, or NULL if there is none;
 *  owned by the caller. */
char *pst_file_identity(const char *path);
