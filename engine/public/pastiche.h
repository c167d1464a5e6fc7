/* libpastiche: photographs painted in the style of a picture, on the processor.
 *
 *     Pastiche *pastiche = pastiche_new(NULL, 0, &error);
 *     PasticheStyle *style = pastiche_style_read(pastiche, "great-wave", NULL, &error);
 *     char *written = pastiche_paint_file(pastiche, "photo.jpg", style, "painting.jpg", NULL, NULL, &error);
 *
 * Compile with `pkg-config --cflags --libs pastiche`; docs/examples/paint.c is a whole program. Functions that can fail
 * return NULL then and set a GError in PASTICHE_ERROR, of one line that names the file; or G_IO_ERROR_CANCELLED. Paths
 * are in GLib's file name encoding. GCancellable and GError arguments may be NULL.
 *
 * The library paints as the program does: the same photograph, style and settings give the same pixels, on any number
 * of threads. It writes to no stream and starts threads only for painting.
 */
#pragma once

#include <gio/gio.h>

#define PASTICHE_API __attribute__((visibility("default")))

G_BEGIN_DECLS

#define PASTICHE_ERROR pastiche_error_quark()
PASTICHE_API GQuark pastiche_error_quark(void);

typedef enum {
    PASTICHE_ERROR_MISSING,    /* there is no such file or style that can be opened, or no such folder to write to */
    PASTICHE_ERROR_PERMISSION, /* may not be read, or may not be written */
    PASTICHE_ERROR_FORMAT,     /* not a picture or style of a kind that is known, or damaged */
    PASTICHE_ERROR_TOO_BIG,    /* more than a gigapixel, or more than the format can hold */
    PASTICHE_ERROR_MEMORY,     /* the machine has too little */
    PASTICHE_ERROR_NO_SPACE,   /* the disk is full */
    PASTICHE_ERROR_FAILED,     /* anything else; the message says what */
} PasticheError;

/** The networks and the threads that paint. One call at a time may use it: of two, the second waits. */
typedef struct Pastiche Pastiche;

/** Loads the networks from the folder `data`; NULL means $PASTICHE_DATA where set, else the folder that was
 *  installed with the library. `threads` is how many threads paint, 0 one per processor. Free with pastiche_free(). */
PASTICHE_API Pastiche *pastiche_new(const char *data, int threads, GError **error);
PASTICHE_API void pastiche_free(Pastiche *pastiche);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pastiche, pastiche_free)

/** A style to paint in. It never changes, and may be used by several threads. */
typedef struct PasticheStyle PasticheStyle;

/** Reads a style file (*.style), or takes the style of a picture, whichever lies at `source`; a word
 *  without dot and slash is the name of a built-in style ("great-wave"). Free with pastiche_style_free(). */
PASTICHE_API PasticheStyle *pastiche_style_read(Pastiche *pastiche, const char *source, GCancellable *cancellable,
                                                GError **error);
PASTICHE_API void pastiche_style_free(PasticheStyle *style);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PasticheStyle, pastiche_style_free)

/** What people call it; owned by the style. */
PASTICHE_API const char *pastiche_style_name(const PasticheStyle *style);

/** A picture in memory, upright and in sRGB. One thread at a time may change it. */
typedef struct PastichePicture PastichePicture;

/** A black picture of `width` x `height` pixels (1 or more), with `alpha` a clear one. Free with
 *  pastiche_picture_free(). */
PASTICHE_API PastichePicture *pastiche_picture_new(int width, int height, gboolean alpha, GError **error);

/** Reads a picture: JPEG, PNG, and whatever else this build has libraries for (TIFF, WebP, HEIC, AVIF, JPEG XL, GIF,
 *  the previews of raw files). What it says of its orientation and colour profile is applied. */
PASTICHE_API PastichePicture *pastiche_picture_read(const char *path, GCancellable *cancellable, GError **error);

/** Writes a JPEG, PNG, TIFF, WebP or OpenRaster (.ora) file, as the path's suffix says; it appears whole or not at
 *  all. Where there is a file of that name, the next free one is taken: name-2.png. Returns the path that was written,
 *  to be freed with g_free(). */
PASTICHE_API char *pastiche_picture_write(const PastichePicture *picture, const char *path, GCancellable *cancellable,
                                          GError **error);
PASTICHE_API void pastiche_picture_free(PastichePicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PastichePicture, pastiche_picture_free)

PASTICHE_API int pastiche_picture_width(const PastichePicture *picture);
PASTICHE_API int pastiche_picture_height(const PastichePicture *picture);

/** The colours, [height][width][3], red, green, blue from 0 to 1, sRGB-encoded; owned by the picture, to be filled
 *  freely. */
PASTICHE_API float *pastiche_picture_rgb(PastichePicture *picture);

/** The opacity, [height][width], 0 is clear, 1 opaque; NULL where all is opaque. Colours are not premultiplied. */
PASTICHE_API float *pastiche_picture_alpha(PastichePicture *picture);

/** Called on the calling thread with the share done, 0 .. 1, never falling. */
typedef void (*PasticheProgress)(double share, gpointer data);

/** How to paint; to be initialised by PASTICHE_SETTINGS_INIT. Where a function takes it, NULL means that too. */
typedef struct {
    gsize size;                /* of this struct, by which later versions know what is there */
    double strength;           /* 0 .. 1: 0 gives back the photograph, 1 (default) paints fully */
    double detail;             /* 0 .. 1: how much of the fine drawing is kept. Default 1 */
    gboolean keep_colours;     /* the photograph's colours are kept, only lightness is painted. Default FALSE */
    PasticheProgress progress; /* or NULL */
    gpointer data;             /* for progress */
} PasticheSettings;

#define PASTICHE_SETTINGS_INIT                                                                                         \
    {                                                                                                                  \
        sizeof(PasticheSettings), 1, 1, FALSE, NULL, NULL                                                              \
    }

/** Paints a picture in memory: a new one of the same size. */
PASTICHE_API PastichePicture *pastiche_paint(Pastiche *pastiche, const PastichePicture *photo,
                                             const PasticheStyle *style, const PasticheSettings *settings,
                                             GCancellable *cancellable, GError **error);

/** Paints the file at `photo` into one at `painting`, row by row: a gigapixel takes no more memory than its width
 *  asks for. What the photograph's file says besides goes along, save for where it was taken; a PNG or TIFF of 16 bits
 *  becomes one. Names and what is returned are as for pastiche_picture_write(), but that the folder is made where it
 *  is missing. An OpenRaster file has the photograph as a layer below the painting. */
PASTICHE_API char *pastiche_paint_file(Pastiche *pastiche, const char *photo, const PasticheStyle *style,
                                       const char *painting, const PasticheSettings *settings,
                                       GCancellable *cancellable, GError **error);

G_END_DECLS
