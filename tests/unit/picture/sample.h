/* Makes the files that the picture tests read, with libjpeg, libpng and lcms2 called plainly. */
#pragma once

#include <gio/gio.h>

#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

/* A PNG to make. `pixels` has height rows of width pixels, one guint16 a sample, interleaved as the
 * colour type says, values below 2^depth. What is NULL or 0 is left out. */
typedef struct {
    int width, height;
    int depth, colour_type; /* PNG_COLOR_TYPE_... */
    gboolean interlaced;
    const guint16 *pixels;
    GBytes *icc, *exif;
    gboolean srgb;
    double gamma;
    const double *chromaticities; /* [8] */
    double pixels_per_metre;
    int transparent; /* grey or each of RGB: this sample value is clear; -1: none */
} SamplePng;

GBytes *sample_png(const SamplePng *sample);

/* Puts a chunk of any content into a PNG, before the first chunk called `before`. */
GBytes *sample_png_insert(GBytes *png, const char *before, const char *type, const void *data, gsize size);

/* Makes the check sums of a PNG right again, as far as its chunks can be followed. */
void sample_png_seal(guint8 *data, gsize size);

/* The colours of entry `index` of the palettes that sample_png() writes: 0..255 each. */
void sample_palette(int index, guint8 rgb[3], guint8 *alpha);

typedef enum { SAMPLE_GREY, SAMPLE_RGB, SAMPLE_YCC, SAMPLE_CMYK, SAMPLE_YCCK } SampleSpace;

typedef struct {
    int width, height;
    SampleSpace space;
    const guint8 *pixels; /* [height][width][1, 3 or 4]; CMYK as stored: inverted */
    gboolean adobe;       /* CMYK and YCCK: with Adobe's marker */
    gboolean progressive, arithmetic, subsampled;
    gboolean many_scans; /* a scan for every coefficient of every component */
    int restart_interval;
    int quality;
    int dpi;
    GBytes *icc, *exif;
} SampleJpeg;

GBytes *sample_jpeg(const SampleJpeg *sample);

/* An RGB profile of the given primaries (x, y of white, red, green, blue) and gamma. */
GBytes *sample_icc(const double chromaticities[8], double gamma);
extern const double SAMPLE_ADOBE_RGB[8];

/* A CMYK profile that sees only black ink: L* = 100 (1 - K), whatever the other inks. */
GBytes *sample_cmyk_icc(void);
GBytes *sample_grey_icc(double gamma);

/* An EXIF block with an orientation and 300 x 150 dpi. */
GBytes *sample_exif(int orientation, gboolean big_endian);

/* sRGB's own curve (IEC 61966-2-1), written out here again. */
double sample_srgb_encode(double linear);

/* A smooth colourful picture of bytes, [height][width][channels]. */
guint8 *sample_smooth(int width, int height, int channels);

/* Reads, and fails the test with the message when that fails. */
PstPicture *sample_read(GBytes *bytes);
/* Must fail with `code`, or any code where it is -1, and a single line that begins "bad.file: ". */
void sample_refused(GBytes *bytes, const PstReadLimits *limits, int code);
void sample_one_line(const GError *error, const char *name);

/* An empty folder, and its removal with all that is in it. */
char *sample_folder(void);
void sample_folder_remove(char *folder);
/* Number of entries in the folder, hidden ones too. */
int sample_folder_count(const char *folder);

/* Writes the bytes into a pipe, as another program would; for g_thread_join(). */
GThread *sample_feed(const char *pipe, GBytes *bytes);
