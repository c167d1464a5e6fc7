#include "xmp_names.h"

#include "picture.h"

#include <string.h>

#define PHOTOSHOP "http://ns.adobe.com/photoshop/1.0/"
#define CAMERA    "http://ns.google.com/photos/1.0/camera/"
#define DEVICE    "http://ns.google.com/photos/dd/1.0/"

/* Name and kind; a name that ends in * stands for all that begin like it. */
typedef struct {
    const char *space, *name;
    PstXmpKind kind;
    guint lost;
} Property;

static const Property properties[] = {
    { PST_XMP_TIFF, "Orientation", PST_XMP_UPRIGHT, 0 },
    { PST_XMP_TIFF, "ImageWidth", PST_XMP_WIDTH, 0 },
    { PST_XMP_TIFF, "ImageLength", PST_XMP_HEIGHT, 0 },
    { PST_XMP_TIFF, "BitsPerSample", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "Compression", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "PhotometricInterpretation", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "SamplesPerPixel", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "PlanarConfiguration", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "YCbCr*", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "XResolution", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "YResolution", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "ResolutionUnit", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "TransferFunction", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "WhitePoint", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "PrimaryChromaticities", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "ReferenceBlackWhite", PST_XMP_OUTDATED, 0 },
    { PST_XMP_TIFF, "NativeDigest", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "PixelXDimension", PST_XMP_WIDTH, 0 },
    { PST_XMP_EXIF, "PixelYDimension", PST_XMP_HEIGHT, 0 },
    { PST_XMP_EXIF, "ColorSpace", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "Gamma", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "ComponentsConfiguration", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "CompressedBitsPerPixel", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "Subject*", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "NativeDigest", PST_XMP_OUTDATED, 0 },
    { PST_XMP_EXIF, "MakerNote", PST_XMP_PLACE, 0 }, /* may, and only its maker can tell */
    { PHOTOSHOP, "ICCProfile", PST_XMP_OUTDATED, 0 },
    { PHOTOSHOP, "ColorMode", PST_XMP_OUTDATED, 0 },
    { PHOTOSHOP, "LegacyIPTCDigest", PST_XMP_OUTDATED, 0 },
    { PHOTOSHOP, "EmbeddedXMPDigest", PST_XMP_OUTDATED, 0 },
    { PST_XMP_BASIC, "Thumbnails", PST_XMP_OUTDATED, 0 },
    { "http://ns.adobe.com/xap/1.0/g/img/", "*", PST_XMP_OUTDATED, 0 },
    { "http://ns.adobe.com/xmp/note/", "HasExtendedXMP", PST_XMP_OUTDATED, PST_LOST_XMP },
    { "http://purl.org/dc/terms/", "provenance", PST_XMP_OUTDATED, 0 }, /* of the old file's content credentials */
    { "http://purl.org/dc/terms/", "spatial", PST_XMP_PLACE, 0 },
    { "http://purl.org/dc/elements/1.1/", "coverage", PST_XMP_PLACE, 0 },
    { "http://ns.adobe.com/hdr-gain-map/1.0/", "*", PST_XMP_OUTDATED, PST_LOST_GAIN_MAP },
    { "http://ns.apple.com/HDRGainMap/1.0/", "*", PST_XMP_OUTDATED, PST_LOST_GAIN_MAP },
    { "http://ns.apple.com/pixeldatainfo/1.0/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { "http://ns.apple.com/depthData/1.0/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { "http://ns.google.com/photos/1.0/container/", "*", PST_XMP_OUTDATED, 0 },
    { "http://ns.google.com/photos/1.0/container/item/", "*", PST_XMP_OUTDATED, 0 },
    { CAMERA, "Motion*", PST_XMP_OUTDATED, PST_LOST_MOTION },
    { CAMERA, "MicroVideo*", PST_XMP_OUTDATED, PST_LOST_MOTION },
    { CAMERA, "hdrp_makernote", PST_XMP_PLACE, 0 },
    { CAMERA, "shot_log_data", PST_XMP_PLACE, 0 },
    { "http://ns.google.com/photos/1.0/image/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { "http://ns.google.com/photos/1.0/audio/", "*", PST_XMP_OUTDATED, PST_LOST_MOTION },
    { "http://ns.google.com/photos/1.0/depthmap/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { "http://ns.google.com/photos/1.0/focus/", "*", PST_XMP_OUTDATED, 0 },
    { DEVICE "device/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { DEVICE "camera/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { DEVICE "image/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { DEVICE "depthmap/", "*", PST_XMP_OUTDATED, PST_LOST_DEPTH },
    { "http://ns.google.com/photos/1.0/panorama/", "*", PST_XMP_GEOMETRY, 0 },
    { "http://ns.microsoft.com/photo/1.2/", "RegionInfo", PST_XMP_GEOMETRY, PST_LOST_REGIONS },
    { PST_XMP_IPTC_EXT, "ImageRegion", PST_XMP_GEOMETRY, PST_LOST_REGIONS },
    { PST_XMP_OWN, "*", PST_XMP_OUTDATED, 0 },
};

/* Of any name space, makers' own ones too, in small letters without hyphens and underscores. */
static const char *const places[] = {
    "absolutealtitude",
    "altitude",
    "city",
    "country",
    "countrycode",
    "countryname",
    "lac",
    "lat",
    "lng",
    "location",
    "locationcreated",
    "locationid",
    "locationinfo",
    "locationname",
    "locationshown",
    "lon",
    "long",
    "mcc",
    "mnc",
    "place",
    "placename",
    "province",
    "provincestate",
    "shotlocation",
    "state",
    "sublocation",
    "worldregion",
};
static const char *const place_parts[] = { "gps", "latitude", "longitude", "geotag", "cellid", "geolocation" };

static gboolean matches(const char *name, const char *pattern)
{
    gsize size = strlen(pattern);
    return pattern[size - 1] == '*' ? strncmp(name, pattern, size - 1) == 0 : strcmp(name, pattern) == 0;
}

static gboolean is_place(const char *name)
{
    g_autofree char *plain = g_ascii_strdown(name, -1);
    gsize used = 0;
    for (const char *p = plain; *p; p++)
        if (*p != '-' && *p != '_')
            plain[used++] = *p;
    plain[used] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        if (strcmp(plain, places[i]) == 0)
            return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(place_parts); i++)
        if (strstr(plain, place_parts[i]))
            return TRUE;
    return FALSE;
}

PstXmpKind pst_xmp_judge(const char *space, const char *name, guint *lost)
{
    for (gsize i = 0; i < G_N_ELEMENTS(properties); i++)
        if (strcmp(space, properties[i].space) == 0 && matches(name, properties[i].name)) {
            *lost |= properties[i].lost;
            return properties[i].kind;
        }
    return is_place(name) ? PST_XMP_PLACE : PST_XMP_KEEP;
}

gboolean pst_xmp_is_outdated_space(const char *space)
{
    for (gsize i = 0; i < G_N_ELEMENTS(properties); i++)
        if (strcmp(space, properties[i].space) == 0 && strcmp(properties[i].name, "*") == 0 &&
            properties[i].kind == PST_XMP_OUTDATED)
            return TRUE;
    return FALSE;
}
