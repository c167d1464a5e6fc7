/* A picture in memory, what is known about the file it came from, and resizing.
 *
 * Reading is in reader.h, writing in writer.h. All functions of this folder may be called from any
 * thread; a PstPicture itself has no lock, one thread at a time may change it.
 */
#pragma once

#include <gio/gio.h>
#include <glib.h>

/* Every GError of this folder is one line "file: reason; what to do", ready to be shown, in this
 * domain, save for G_IO_ERROR_CANCELLED when a GCancellable was triggered. */
#define PST_PICTURE_ERROR pst_picture_error_quark()
GQuark pst_picture_error_quark(void);

typedef enum {
    PST_PICTURE_ERROR_MISSING,     /* no such file, or no such folder to write to */
    PST_PICTURE_ERROR_NOT_A_FILE,  /* a folder or a device where a file was needed */
    PST_PICTURE_ERROR_PERMISSION,  /* may not be read, or may not be written */
    PST_PICTURE_ERROR_EMPTY,       /* a file of no bytes */
    PST_PICTURE_ERROR_FORMAT,      /* not a picture that is read here, or an unknown suffix to write */
    PST_PICTURE_ERROR_UNSUPPORTED, /* a rare kind of a known format, or this build can't read it */
    PST_PICTURE_ERROR_DAMAGED,     /* truncated or corrupt */
    PST_PICTURE_ERROR_TOO_BIG,     /* over a limit of PstReadLimits, or over the format's own */
    PST_PICTURE_ERROR_MEMORY,      /* the machine has not enough memory */
    PST_PICTURE_ERROR_EXISTS,      /* PST_CONFLICT_SKIP and there is such a file already */
    PST_PICTURE_ERROR_INPUT,       /* writing would replace what is read (inputs.h) */
    PST_PICTURE_ERROR_NO_SPACE,    /* the disk or the quota is full */
    PST_PICTURE_ERROR_IO,          /* any other failure of reading or writing */
} PstPictureError;

typedef enum {
    PST_FORMAT_UNKNOWN,
    PST_FORMAT_JPEG,
    PST_FORMAT_PNG,
    PST_FORMAT_TIFF,
    PST_FORMAT_WEBP,
    PST_FORMAT_HEIC,
    PST_FORMAT_AVIF,
    PST_FORMAT_JXL,
    PST_FORMAT_GIF,
    PST_FORMAT_RAW,        /* of a camera: its preview is read */
    PST_FORMAT_OPENRASTER, /* is written only */
} PstFormat;

/* "JPEG", "PNG", "TIFF", "WebP", "HEIC", "AVIF", "JPEG XL", "GIF", "raw", "OpenRaster" or "unknown". */
const char *pst_format_name(PstFormat format);

typedef enum {
    PST_COLOUR_GREY,
    PST_COLOUR_RGB,
    PST_COLOUR_PALETTE, /* PNG colour type 3 */
    PST_COLOUR_CMYK,    /* JPEG, YCCK too; TIFF */
} PstColour;

/* "grey", "RGB", "palette" or "CMYK"; to be translated by who shows it. */
const char *pst_colour_name(PstColour colour);

/* What says which colours the samples are. */
typedef enum {
    PST_COLOUR_BY_NOTHING, /* taken as sRGB; CMYK as ink of an offset press on coated paper */
    PST_COLOUR_BY_PROFILE, /* ICC */
    PST_COLOUR_BY_CICP,    /* code points (ITU-T H.273), as of PNG's cICP */
    PST_COLOUR_BY_SRGB,    /* PNG's sRGB chunk */
    PST_COLOUR_BY_NUMBERS, /* PNG's gAMA and cHRM */
    PST_COLOUR_BY_EXIF,    /* Adobe RGB (1998) */
    PST_COLOUR_BY_SAMPLES, /* floats without a profile are in proportion to light */
} PstColourBy;

/* A comment or another text in the file. */
typedef struct {
    char *key;  /* PNG's keyword: Title, Author, Comment, ...; of a JPEG's comments "Comment"; UTF-8 */
    char *text; /* UTF-8, up to a megabyte */
} PstPictureText;

/* What a painting can't have of its photograph. Bits. */
typedef enum {
    PST_LOST_GAIN_MAP = 1 << 0, /* of an HDR photograph */
    PST_LOST_MOTION = 1 << 1,   /* a video or a sound */
    PST_LOST_DEPTH = 1 << 2,    /* a depth map or another picture inside */
    PST_LOST_REGIONS = 1 << 3,  /* where faces are */
    PST_LOST_XMP = 1 << 4,      /* XMP that is damaged or too large */
    PST_LOST_IPTC = 1 << 5,     /* the same of IPTC */
    PST_LOST_TEXTS = 1 << 6,    /* texts that are too large or that the format can't hold */
} PstLost;

/* What a file's header says. Zero-filled is the empty value. pst_picture_info_clear() frees what it
 * owns and makes it empty again. g_auto(PstPictureInfo) info = { 0 } works. */
typedef struct {
    PstFormat format;
    PstColour colour;
    int width, height;           /* in pixels, upright: after the EXIF orientation is applied */
    int full_width, full_height; /* of the file; differ from these where PstReadLimits.max_side made it smaller */
    int depth;                   /* bits per sample in the file: 1 .. 64 */
    gboolean alpha;              /* has transparency (an alpha channel, PNG's tRNS) */
    gboolean progressive;        /* progressive JPEG or interlaced PNG */
    int orientation;             /* EXIF orientation of the file, 1..8; 1 when there is none */
    double dpi_x, dpi_y;         /* of the upright picture; 0 when the file doesn't say */
    PstColourBy colour_by;
    char *profile;         /* name of the embedded profile, or of what colour_by says; NULL: sRGB, or a press */
    gboolean adobe_marker; /* JPEG with Adobe's marker. CMYK is inverted with it, and taken so without it */
    char *warning;         /* one line about a fault that was tolerated, or NULL */
    GBytes *exif;          /* the file's EXIF block from its TIFF header on, or NULL */
    GBytes *xmp;           /* the file's XMP packet (ISO 16684-1), UTF-8 of up to a megabyte, or NULL */
    GBytes *iptc;          /* the file's IPTC records (IIM), or NULL */
    GBytes *icc;           /* the profile that the pixels are in, or NULL: sRGB (PstReadLimits.own_profile) */
    guint lost;            /* PstLost: what is in the file and can't be held here */
    GPtrArray *texts;      /* PstPictureText, up to 64, or NULL; never changed once it is here, so copies share it */
    char *recipe;          /* the recipe that Pastiche wrote into the file: JSON text, not checked, or NULL */
} PstPictureInfo;

void pst_picture_info_clear(PstPictureInfo *info);
/* Whether the file says that it is a painting of this program: by its recipe or its XMP. */
gboolean pst_picture_info_is_painting(const PstPictureInfo *info);
/* How the file says that the picture came to be: the last part of XMP's Iptc4xmpExt:DigitalSourceType, a news code of
 * IPTC such as "digitalCapture" or "compositeWithTrainedAlgorithmicMedia", and by which program (xmp:CreatorTool). The
 * caller's, UTF-8; NULL where it doesn't say. */
char *pst_picture_info_source_type(const PstPictureInfo *info);
char *pst_picture_info_creator_tool(const PstPictureInfo *info);
/* Makes `copy` (which is overwritten, not cleared) an independent copy of `info`. */
void pst_picture_info_copy(const PstPictureInfo *info, PstPictureInfo *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstPictureInfo, pst_picture_info_clear)

/* A picture in memory. `rgb` is [height][width][3], sRGB-encoded (IEC 61966-2-1), 0 is black, 1 is
 * full. `alpha` is [height][width], 0 is clear, 1 is opaque, or NULL when all is opaque; colours
 * are straight, not premultiplied. Both are dense, 64-byte aligned and owned by the picture. Anyone may
 * fill them; only the functions below set width, height and the pointers. `info` says where the picture
 * came from; writing uses its dpi_x and dpi_y. */
typedef struct {
    int width, height;
    float *rgb;
    float *alpha;
    PstPictureInfo info;
} PstPicture;

/* A new picture, all zero (black; clear where `alpha` is TRUE). `width` and `height` are 1 or more.
 * NULL and PST_PICTURE_ERROR_MEMORY or _TOO_BIG when there is no memory for it. */
PstPicture *pst_picture_new(int width, int height, gboolean alpha, GError **error);

/* The same for those who will fill all of it: until then it may hold anything. */
PstPicture *pst_picture_new_unset(int width, int height, gboolean alpha, GError **error);

/* Frees the picture and all it owns. NULL is allowed. */
void pst_picture_free(PstPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstPicture, pst_picture_free)

/* A new picture of `width` x `height` pixels (1 or more), owned by the caller, with a copy of
 * `picture`'s info but for the size. Separable Lanczos-3, widened to the source's pixels per pixel
 * when shrinking so that nothing aliases, kernels cut and renormalised at the edges. Works on the
 * sRGB-encoded values, as most programs do and as the networks expect, not in linear light.
 * Colours are weighted by alpha, and results clamped to 0..1. Single-threaded. Needs memory for
 * the new picture and a few rows. Errors: G_IO_ERROR_CANCELLED, PST_PICTURE_ERROR_MEMORY. */
PstPicture *pst_picture_resize(const PstPicture *picture, int width, int height, GCancellable *cancellable,
                               GError **error);

/* The largest square in the middle of the picture, owned by the caller; its info is empty. Error:
 * PST_PICTURE_ERROR_MEMORY. */
PstPicture *pst_picture_middle_square(const PstPicture *picture, GError **error);

/* The size that `width` x `height` takes, in proportion and at least 1x1, when its shorter (longer)
 * side becomes `side`. The other side is clamped to G_MAXINT. */
void pst_size_fit_short_side(int width, int height, int side, int *new_width, int *new_height);
void pst_size_fit_long_side(int width, int height, int side, int *new_width, int *new_height);

/* pst_picture_resize() to those sizes. */
PstPicture *pst_picture_fit_short_side(const PstPicture *picture, int side, GCancellable *cancellable, GError **error);
PstPicture *pst_picture_fit_long_side(const PstPicture *picture, int side, GCancellable *cancellable, GError **error);
