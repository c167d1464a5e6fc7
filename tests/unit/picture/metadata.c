/* What goes with a picture from file to file: EXIF, XMP, texts, and the recipe. */
#define _GNU_SOURCE /* memmem() */
#include "sample.h"

#include <string.h>

#include <png.h>

#include "engine/picture/tiff.h"

enum { WIDTH = 24, HEIGHT = 16 };

static const PstMetadata CHOICES[] = { PST_METADATA_PRIVATE, PST_METADATA_ALL, PST_METADATA_NONE };

/* A directory to be put into a block at a fixed place; values of more than four bytes follow it. */
typedef struct {
    guint16 tag, type;
    guint32 count, value; /* inside the entry */
    const char *bytes;    /* or, if not NULL, outside: `count` of them or eight for a fraction */
} Entry;

static void put(guint8 *block, gsize at, guint32 value, gsize size)
{
    for (gsize i = 0; i < size; i++)
        block[at + i] = (guint8)(value >> 8 * i);
}

static void put_directory(guint8 *block, gsize at, const Entry *entries, guint32 next)
{
    guint n = 0;
    while (entries[n].tag)
        n++;
    gsize values = at + 2 + n * 12 + 4;
    put(block, at, n, 2);
    for (guint i = 0; i < n; i++) {
        gsize entry = at + 2 + i * 12, size = entries[i].type == 5 ? 8 : entries[i].count;
        put(block, entry, entries[i].tag, 2);
        put(block, entry + 2, entries[i].type, 2);
        put(block, entry + 4, entries[i].count, 4);
        put(block, entry + 8, entries[i].bytes ? (guint32)values : entries[i].value, 4);
        if (entries[i].bytes) {
            memcpy(block + values, entries[i].bytes, size);
            values += size;
        }
    }
    put(block, at + 2 + n * 12, next, 4);
}

/* What a camera writes: its name, exposure, a maker note, a place and a thumbnail. */
static GBytes *camera_exif(int orientation)
{
    enum { EXIF_AT = 300, OTHER_AT = 600, GPS_AT = 700, THUMBNAIL_AT = 900, SIZE = 1200 };
    guint8 *block = g_malloc0(SIZE);
    const Entry main_entries[] = {
        { 0x010e, 2, 12, 0, "DESCRIPTION" },
        { 0x010f, 2, 9, 0, "CAMERAMAN" },
        { 0x0112, 3, 1, (guint32)orientation, NULL },
        { 0x011a, 5, 1, 0, "\x2c\1\0\0\1\0\0\0" },
        { 0x011b, 5, 1, 0, "\x96\0\0\0\1\0\0\0" },
        { 0x0128, 3, 1, 2, NULL },
        { 0x8769, 4, 1, EXIF_AT, NULL },
        { 0x8825, 4, 1, GPS_AT, NULL },
        { 0x83bb, 7, 10, 0, "IPTCSECRET" },
        { 0, 0, 0, 0, NULL },
    };
    const Entry exif_entries[] = {
        { 0x829a, 5, 1, 0, "\1\0\0\0\xfa\0\0\0" },
        { 0x9003, 2, 20, 0, "2024:05:06 07:08:09" },
        { 0x927c, 7, 11, 0, "MAKERSECRET" },
        { 0xa001, 3, 1, 65535, NULL },
        { 0xa002, 4, 1, 9999, NULL },
        { 0xa003, 4, 1, 9999, NULL },
        { 0xa005, 4, 1, OTHER_AT, NULL },
        { 0xa500, 5, 1, 0, "GAMMAVAL" },
        { 0, 0, 0, 0, NULL },
    };
    const Entry other_entries[] = { { 1, 2, 4, 'R' | '0' << 8 | '3' << 16, NULL }, { 0, 0, 0, 0, NULL } };
    const Entry gps_entries[] = { { 0x1b, 7, 9, 0, "GPSSECRET" }, { 0, 0, 0, 0, NULL } };
    const Entry thumbnail_entries[] = { { 0x0201, 4, 1, THUMBNAIL_AT + 100, NULL },
                                        { 0x0202, 4, 1, 11, NULL },
                                        { 0, 0, 0, 0, NULL } };
    memcpy(block, "II*\0\x08\0\0\0", 8);
    put_directory(block, 8, main_entries, THUMBNAIL_AT);
    put_directory(block, EXIF_AT, exif_entries, 0);
    put_directory(block, OTHER_AT, other_entries, 0);
    put_directory(block, GPS_AT, gps_entries, 0);
    put_directory(block, THUMBNAIL_AT, thumbnail_entries, 0);
    memcpy(block + THUMBNAIL_AT + 100, "THUMBSECRET", 11);
    return g_bytes_new_take(block, SIZE);
}

static gboolean holds(GBytes *bytes, const char *text)
{
    gsize size;
    const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    return data && memmem(data, size, text, strlen(text)) != NULL;
}

/* A picture that came with all this. */
static PstPicture *picture_with(GBytes *exif, const char *xmp)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    SampleJpeg sample = { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels, .exif = exif };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    PstPicture *picture = sample_read(bytes);
    if (xmp)
        picture->info.xmp = g_bytes_new(xmp, strlen(xmp));
    return picture;
}

static GBytes *write_bytes(const PstPicture *picture, PstFormat format, PstMetadata metadata, const char *recipe)
{
    GError *error = NULL;
    PstWriteOptions options = { .format = format, .metadata = metadata, .recipe = recipe };
    GBytes *bytes = pst_picture_write_bytes(picture, &options, NULL, &error);
    g_assert_no_error(error);
    return bytes;
}

static guint32 number(const PstTiff *tiff, guint64 directory, guint16 tag)
{
    guint64 entry = pst_tiff_find(tiff, directory, tag);
    g_assert_cmpuint(entry, !=, 0);
    return pst_tiff_get16(tiff, entry + 2) == PST_TIFF_SHORT ? pst_tiff_get16(tiff, entry + 8)
                                                             : pst_tiff_get32(tiff, entry + 8);
}

/* What the new block says of the new picture. */
static void check_exif(GBytes *exif, gboolean place)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(exif, &size);
    PstTiff tiff;
    g_assert_true(pst_tiff_init(&tiff, data, size));
    guint64 main_at = pst_tiff_first_directory(&tiff);
    guint64 exif_at = pst_tiff_sub_directory(&tiff, main_at, 0x8769);
    g_assert_cmpuint(number(&tiff, main_at, 0x0112), ==, 1);
    g_assert_cmpuint(number(&tiff, exif_at, 0xa001), ==, 1);
    g_assert_cmpuint(number(&tiff, exif_at, 0xa002), ==, HEIGHT); /* turned */
    g_assert_cmpuint(number(&tiff, exif_at, 0xa003), ==, WIDTH);
    g_assert_cmpuint(number(&tiff, main_at, 0x0128), ==, 2);
    gsize length;
    const guint8 *exposure = pst_tiff_value(&tiff, pst_tiff_find(&tiff, exif_at, 0x829a), &length);
    g_assert_cmpmem(exposure, length, "\1\0\0\0\xfa\0\0\0", 8);
    g_assert_cmpuint(pst_tiff_get32(&tiff, main_at + 2 + pst_tiff_get16(&tiff, main_at) * 12u), ==, 0);
    for (int i = 1; pst_tiff_entry(&tiff, main_at, i); i++) /* in order */
        g_assert_cmpuint(pst_tiff_get16(&tiff, pst_tiff_entry(&tiff, main_at, i)), >,
                         pst_tiff_get16(&tiff, pst_tiff_entry(&tiff, main_at, i - 1)));
    g_assert_true(holds(exif, "DESCRIPTION"));
    g_assert_true(holds(exif, "CAMERAMAN"));
    g_assert_true(holds(exif, "2024:05:06 07:08:09"));
    g_assert_true(holds(exif, "R98"));
    g_assert_false(holds(exif, "R03"));
    g_assert_false(holds(exif, "THUMBSECRET"));
    g_assert_false(holds(exif, "GAMMAVAL"));
    g_assert_true(holds(exif, "GPSSECRET") == place);
    g_assert_true(holds(exif, "MAKERSECRET") == place);
    g_assert_true(holds(exif, "IPTCSECRET") == place);
}

static void test_exif(void)
{
    g_autoptr(GBytes) exif = camera_exif(6);
    g_autoptr(PstPicture) picture = picture_with(exif, NULL);
    g_assert_cmpint(picture->info.orientation, ==, 6);
    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++)
        for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++) {
            g_autoptr(GBytes) bytes = write_bytes(picture, (PstFormat)format, CHOICES[i], NULL);
            g_autoptr(PstPicture) back = sample_read(bytes);
            g_assert_false(holds(bytes, "THUMBSECRET"));
            g_assert_true(holds(bytes, "GPSSECRET") == (CHOICES[i] == PST_METADATA_ALL));
            g_assert_true((back->info.exif != NULL) == (CHOICES[i] != PST_METADATA_NONE));
            g_assert_cmpint(back->info.orientation, ==, 1);
            g_assert_cmpint(back->width, ==, HEIGHT);
            g_assert_cmpfloat_with_epsilon(back->info.dpi_x, 150, 0.02);
            g_assert_cmpfloat_with_epsilon(back->info.dpi_y, 300, 0.02);
            g_assert_null(back->info.warning);
            if (back->info.exif)
                check_exif(back->info.exif, CHOICES[i] == PST_METADATA_ALL);
            /* Once more, and nothing changes any more. */
            g_autoptr(GBytes) again = write_bytes(back, (PstFormat)format, CHOICES[i], NULL);
            g_autoptr(PstPicture) twice = sample_read(again);
            g_assert_true((twice->info.exif && g_bytes_equal(twice->info.exif, back->info.exif)) ||
                          CHOICES[i] == PST_METADATA_NONE);
        }
}

/* A packet with these properties, as attributes or elements of its description. */
static char *packet_of(const char *attributes, const char *elements)
{
    return g_strdup_printf(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''"
        " xmlns:tiff='http://ns.adobe.com/tiff/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"
        " xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'"
        " xmlns:core='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'"
        " xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
        " xmlns:maker='http://example.com/maker/' xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/'"
        " xmlns:g='http://ns.adobe.com/xap/1.0/g/img/' %s>%s</rdf:Description></rdf:RDF></x:xmpmeta>"
        "<?xpacket end='w'?>",
        attributes, elements);
}

typedef enum { GONE, KEPT, KEPT_WITH_PLACE } Fate;

static void test_xmp(void)
{
    static const struct {
        const char *attributes, *elements, *secret;
        Fate fate;
    } cases[] = {
        { "xmp:Rating='5'", "", "Rating", KEPT },
        { "", "<dc:creator><rdf:Seq><rdf:li>Zo\xc3\xab</rdf:li></rdf:Seq></dc:creator>", "Zo\xc3\xab", KEPT },
        { "", "<dc:subject><rdf:Bag><rdf:li>city</rdf:li></rdf:Bag></dc:subject>", ">city<", KEPT },
        { "", "<dc:subject><rdf:Bag><rdf:li>geo:lat=51.47</rdf:li></rdf:Bag></dc:subject>", "51.47", KEPT_WITH_PLACE },
        { "exif:GPSLatitude='1,2N'", "", "GPSLatitude", KEPT_WITH_PLACE },
        { "", "<photoshop:City>Here</photoshop:City>", "Here", KEPT_WITH_PLACE },
        { "", "<ext:LocationShown><rdf:Bag><rdf:li ext:City='Here'/></rdf:Bag></ext:LocationShown>", "Here",
          KEPT_WITH_PLACE },
        { "dc:coverage='Here'", "", "Here", KEPT_WITH_PLACE },
        { "maker:gps_long='7.5'", "", "7.5", KEPT_WITH_PLACE },
        { "", "<maker:Flight rdf:parseType='Resource'><maker:Latitude>51.47</maker:Latitude></maker:Flight>", "51.47",
          KEPT_WITH_PLACE },
        { "", "<core:CreatorContactInfo core:CiAdrCity='Home' core:Country='Land'/>", "Land", KEPT },
        { "maker:Longitudinal='1' maker:Locationless='2'", "", "Locationless", KEPT },
        { "photoshop:ICCProfile='Adobe RGB'", "", "Adobe RGB", GONE },
        { "hdrgm:Version='1.0'", "", "hdrgm", GONE },
        { "", "<xmp:Thumbnails><rdf:Alt><rdf:li g:image='abc'/></rdf:Alt></xmp:Thumbnails>", "abc", GONE },
    };
    for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
        g_autofree char *packet = packet_of(cases[c].attributes, cases[c].elements);
        g_autoptr(PstPicture) picture = picture_with(NULL, packet);
        for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++)
            for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++) {
                g_autoptr(GBytes) bytes = write_bytes(picture, (PstFormat)format, CHOICES[i], NULL);
                g_autoptr(PstPicture) back = sample_read(bytes);
                gboolean kept = CHOICES[i] != PST_METADATA_NONE &&
                                (cases[c].fate == KEPT ||
                                 (cases[c].fate == KEPT_WITH_PLACE && CHOICES[i] == PST_METADATA_ALL));
                g_assert_true(holds(back->info.xmp, cases[c].secret) == kept);
                g_assert_true(holds(bytes, cases[c].secret) == kept);
            }
    }
}

/* What is no XML, or would expand, is dropped; NULs at the end are not of the packet. */
static void test_hostile_xmp(void)
{
    static const char *const packets[] = {
        "<x:xmpmeta",
        "no XML",
        "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'eeee'>]><r>&e;</r>",
        "<r/>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<rdf:RDF/>",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(packets); i++) {
        g_autoptr(PstPicture) picture = picture_with(NULL, packets[i]);
        g_autoptr(GBytes) bytes = write_bytes(picture, PST_FORMAT_PNG, PST_METADATA_ALL, NULL);
        g_assert_false(holds(bytes, "eeee"));
        g_assert_false(holds(bytes, "XML:com.adobe.xmp"));
    }
    g_autofree char *good = packet_of("xmp:Rating='5' tiff:Orientation='6'", "");
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int round = 0; round < 300; round++) {
        g_autofree char *bad = g_strdup(good);
        for (int flips = 1 + round % 4; flips > 0; flips--)
            bad[g_rand_int_range(random, 0, (gint32)strlen(good))] = (char)g_rand_int_range(random, 1, 127);
        g_autoptr(PstPicture) picture = picture_with(NULL, bad);
        g_autoptr(GBytes) bytes = write_bytes(picture, PST_FORMAT_JPEG, PST_METADATA_PRIVATE, NULL);
        pst_picture_free(sample_read(bytes));
    }
}

/* A data set of record 2. */
static void put_data_set(GByteArray *records, guint8 number, const char *text)
{
    const guint8 head[] = { 0x1c, 2, number, 0, (guint8)strlen(text) };
    g_byte_array_append(records, head, sizeof head);
    g_byte_array_append(records, (const guint8 *)text, (guint)strlen(text));
}

static void test_iptc(void)
{
    g_autoptr(GByteArray) records = g_byte_array_new();
    put_data_set(records, 5, "TITLE");
    put_data_set(records, 25, "keyword");
    put_data_set(records, 80, "Byline");
    put_data_set(records, 90, "CITYSECRET");
    put_data_set(records, 101, "LANDSECRET");
    put_data_set(records, 202, "PREVIEWSECRET");
    g_autoptr(PstPicture) picture = picture_with(NULL, NULL);
    picture->info.iptc = g_bytes_new(records->data, records->len);
    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++)
        for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++) {
            g_autoptr(GBytes) bytes = write_bytes(picture, (PstFormat)format, CHOICES[i], NULL);
            g_autoptr(PstPicture) back = sample_read(bytes);
            gboolean all = CHOICES[i] == PST_METADATA_ALL;
            g_assert_true(holds(back->info.iptc, "TITLE") == (CHOICES[i] != PST_METADATA_NONE));
            g_assert_true(holds(back->info.iptc, "Byline") == (CHOICES[i] != PST_METADATA_NONE));
            g_assert_true(holds(back->info.iptc, "CITYSECRET") == all);
            g_assert_true(holds(back->info.iptc, "LANDSECRET") == all);
            g_assert_false(holds(back->info.iptc, "PREVIEWSECRET"));
        }
}

/* Who made the picture is told with all metadata but none. */
static void test_provenance(void)
{
    const PstProvenanceStyle styles[] = { { "Great & Wave", "CC BY 4.0" }, { "Own", NULL } };
    const PstProvenance provenance = { "Pastiche 9", styles, G_N_ELEMENTS(styles), FALSE };
    g_autofree char *packet = packet_of("xmp:CreatorTool='Camera'", "");
    for (int with = 0; with < 2; with++)
        for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++) {
            g_autoptr(PstPicture) picture = picture_with(NULL, with ? packet : NULL);
            const PstWriteOptions options = { .format = PST_FORMAT_JPEG,
                                              .metadata = CHOICES[i],
                                              .provenance = &provenance };
            g_autoptr(GBytes) bytes = pst_picture_write_bytes(picture, &options, NULL, NULL);
            gboolean told = CHOICES[i] != PST_METADATA_NONE;
            g_assert_true(holds(bytes, "digitalsourcetype/compositeWithTrainedAlgorithmicMedia") == told);
            g_assert_true(holds(bytes, "Pastiche 9") == told);
            g_assert_true(holds(bytes, "Great &amp; Wave") == told);
            g_assert_true(holds(bytes, "CC BY 4.0") == told);
            g_assert_false(holds(bytes, "Camera"));
            g_autoptr(PstPicture) back = sample_read(bytes);
            g_assert_true(pst_picture_info_is_painting(&back->info) == told);
        }
}

/* What a JPEG's segment has no room for goes, the largest first, and is told of. */
static void test_large_xmp(void)
{
    g_autofree char *large = g_strnfill(200000, 'L');
    g_autofree char *element = g_strdup_printf("<maker:Data>%s</maker:Data>", large);
    g_autofree char *packet = packet_of("xmp:Rating='5'", element);
    g_autoptr(PstPicture) picture = picture_with(NULL, packet);
    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++) {
        const PstWriteOptions options = { .format = (PstFormat)format };
        g_autoptr(PstRowWriter) writer = pst_row_writer_open_bytes(&picture->info, &options, NULL, NULL);
        g_autofree char *lost = pst_row_writer_lost(writer);
        g_autoptr(GBytes) bytes = write_bytes(picture, (PstFormat)format, PST_METADATA_PRIVATE, NULL);
        g_assert_true((lost != NULL) == (format == PST_FORMAT_JPEG));
        g_assert_true(holds(bytes, large) == (format == PST_FORMAT_PNG));
        g_assert_true(holds(bytes, "Rating"));
    }
}

static const char *text_of(const PstPictureInfo *info, const char *key)
{
    for (guint i = 0; info->texts && i < info->texts->len; i++) {
        const PstPictureText *text = info->texts->pdata[i];
        if (strcmp(text->key, key) == 0)
            return text->text;
    }
    return NULL;
}

static void test_texts(void)
{
    const guint16 pixel[3] = { 10, 20, 30 };
    SamplePng sample = { 1, 1, 8, PNG_COLOR_TYPE_RGB, FALSE, pixel, .transparent = -1 };
    static const struct {
        const char *before, *type, *data;
        gsize size;
    } chunks[] = {
        { "IDAT", "tEXt", "Title\0Caf\xe9", 10 },      { "IDAT", "iTXt", "Author\0\0\0\0\0Zo\xc3\xab", 15 },
        { "IEND", "tEXt", "Comment\0late", 12 },       { "IDAT", "tEXt", "Raw profile type exif\0abc", 25 },
        { "IDAT", "tEXt", "exif:GPSLatitude\0x", 18 }, { "IDAT", "tEXt", "Thumb::URI\0file:///home/me/x.jpg", 32 },
    };
    g_autoptr(GBytes) bytes = sample_png(&sample);
    for (gsize i = 0; i < G_N_ELEMENTS(chunks); i++) {
        GBytes *more = sample_png_insert(bytes, chunks[i].before, chunks[i].type, chunks[i].data, chunks[i].size);
        g_bytes_unref(bytes);
        bytes = more;
    }
    g_autoptr(PstPicture) picture = sample_read(bytes);
    g_assert_cmpstr(text_of(&picture->info, "Title"), ==, "Caf\xc3\xa9");
    g_assert_cmpstr(text_of(&picture->info, "Author"), ==, "Zo\xc3\xab");
    g_assert_cmpstr(text_of(&picture->info, "Comment"), ==, "late");
    for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++) {
        gboolean some = CHOICES[i] != PST_METADATA_NONE, all = CHOICES[i] == PST_METADATA_ALL;
        g_autoptr(GBytes) png = write_bytes(picture, PST_FORMAT_PNG, CHOICES[i], NULL);
        g_autoptr(PstPicture) back = sample_read(png);
        g_assert_cmpstr(text_of(&back->info, "Title"), ==, some ? "Caf\xc3\xa9" : NULL);
        g_assert_cmpstr(text_of(&back->info, "Author"), ==, some ? "Zo\xc3\xab" : NULL);
        g_assert_cmpstr(text_of(&back->info, "Comment"), ==, some ? "late" : NULL);
        g_assert_true((text_of(&back->info, "exif:GPSLatitude") != NULL) == all);
        g_assert_null(text_of(&back->info, "Raw profile type exif"));
        g_assert_null(text_of(&back->info, "Thumb::URI"));
        g_autoptr(GBytes) jpeg = write_bytes(picture, PST_FORMAT_JPEG, CHOICES[i], NULL);
        g_assert_true(holds(jpeg, "Title: Caf\xc3\xa9") == some);
        g_assert_true(holds(jpeg, "GPSLatitude") == all);
        g_autoptr(PstPicture) photo = sample_read(jpeg);
        g_assert_cmpint(photo->info.texts ? (int)photo->info.texts->len : 0, ==, all ? 4 : some ? 3 : 0);
    }
}

static void test_recipe(void)
{
    const char *recipe = "{\"style\": \"Große Welle\", \"strength\": 1}";
    g_autofree char *longest = g_strnfill(PST_MAX_RECIPE, 'x');
    g_autofree char *too_long = g_strnfill(PST_MAX_RECIPE + 1, 'x');
    const char *recipes[] = { recipe, longest, too_long, "\xff\xfe", "", NULL };
    const char *expected[] = { recipe, longest, NULL, NULL, NULL, NULL };
    g_autoptr(PstPicture) picture = picture_with(NULL, NULL);
    picture->info.recipe = g_strdup("of the photograph");
    for (int format = PST_FORMAT_JPEG; format <= PST_FORMAT_PNG; format++)
        for (gsize i = 0; i < G_N_ELEMENTS(CHOICES); i++)
            for (gsize r = 0; r < G_N_ELEMENTS(recipes); r++) {
                g_autoptr(GBytes) bytes = write_bytes(picture, (PstFormat)format, CHOICES[i], recipes[r]);
                g_auto(PstPictureInfo) info = { 0 };
                g_assert_true(pst_picture_probe_bytes(bytes, "sample.file", &info, NULL));
                g_assert_cmpstr(info.recipe, ==, expected[r]);
                g_assert_null(info.texts);
                g_auto(PstPictureInfo) copy = { 0 };
                pst_picture_info_copy(&info, &copy);
                g_assert_cmpstr(copy.recipe, ==, expected[r]);
            }
}

/* Whatever the block is, what is written is bounded and can be read. */
static void check_hostile(GBytes *exif)
{
    g_autoptr(PstPicture) picture = pst_picture_new(WIDTH, HEIGHT, FALSE, NULL);
    picture->info.exif = g_bytes_ref(exif);
    for (int i = 0; i < 4; i++) {
        g_autoptr(GBytes) bytes = write_bytes(picture, i & 1 ? PST_FORMAT_JPEG : PST_FORMAT_PNG,
                                              i & 2 ? PST_METADATA_ALL : PST_METADATA_PRIVATE, NULL);
        g_autoptr(PstPicture) back = sample_read(bytes);
        g_assert_cmpint(back->info.orientation, ==, 1);
        g_assert_null(back->info.warning);
        if (back->info.exif)
            g_assert_cmpuint(g_bytes_get_size(back->info.exif), <=, 60000);
    }
}

static void test_hostile_exif(void)
{
    g_autoptr(GBytes) whole = camera_exif(6);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    gsize size;
    const guint8 *data = g_bytes_get_data(whole, &size);
    for (gsize length = 0; length < size; length += 7) {
        g_autoptr(GBytes) part = g_bytes_new(data, length);
        check_hostile(part);
    }
    for (int round = 0; round < (g_test_slow() ? 20000 : 300); round++) {
        guint8 *copy = g_memdup2(data, size);
        for (int flips = 1 + round % 6; flips > 0; flips--)
            copy[g_rand_int_range(random, 0, flips % 2 ? 1000 : 130)] = (guint8)g_rand_int(random);
        g_autoptr(GBytes) flipped = g_bytes_new_take(copy, size);
        check_hostile(flipped);
    }
    /* Sixty thousand entries that all name the same 50 kB; directories that name each other. */
    enum { BLOCK = 1 << 20, ENTRIES = 60000 };
    for (int kind = 0; kind < 2; kind++) {
        guint8 *block = g_malloc0(BLOCK);
        memcpy(block, "II*\0\x08\0\0\0", 8);
        put(block, 8, ENTRIES, 2);
        for (guint i = 0; i < ENTRIES; i++) {
            put(block, 10 + i * 12, kind ? (i % 2 ? 0x8825 : 0x8769) : 0x010f, 2);
            put(block, 10 + i * 12 + 2, kind ? 4 : 2, 2);
            put(block, 10 + i * 12 + 4, kind ? 1 : 50000, 4);
            put(block, 10 + i * 12 + 8, 8, 4);
        }
        g_autoptr(GBytes) bomb = g_bytes_new_take(block, BLOCK);
        check_hostile(bomb);
    }
}

/* A JPEG of nothing but side information. */
static void test_giant_header(void)
{
    g_autofree guint8 *pixels = sample_smooth(WIDTH, HEIGHT, 3);
    SampleJpeg sample = { .width = WIDTH, .height = HEIGHT, .space = SAMPLE_YCC, .pixels = pixels };
    g_autoptr(GBytes) bytes = sample_jpeg(&sample);
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    static const guint8 markers[] = { 0xe1, 0xef, 0xfe };
    for (gsize m = 0; m < G_N_ELEMENTS(markers); m++)
        for (guint count = 40; count <= 1000; count += 960) {
            GByteArray *array = g_byte_array_new();
            guint8 segment[65537] = { 0xff, markers[m], 0xff, 0xff, 'x' };
            g_byte_array_append(array, data, 2);
            for (guint i = 0; i < count; i++)
                g_byte_array_append(array, segment, sizeof segment);
            g_byte_array_append(array, data + 2, (guint)size - 2);
            g_autoptr(GBytes) swollen = g_byte_array_free_to_bytes(array);
            if (count > 100)
                sample_refused(swollen, NULL, PST_PICTURE_ERROR_TOO_BIG);
            else
                pst_picture_free(sample_read(swollen));
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/picture/metadata/exif", test_exif);
    g_test_add_func("/picture/metadata/xmp", test_xmp);
    g_test_add_func("/picture/metadata/hostile-xmp", test_hostile_xmp);
    g_test_add_func("/picture/metadata/large-xmp", test_large_xmp);
    g_test_add_func("/picture/metadata/iptc", test_iptc);
    g_test_add_func("/picture/metadata/provenance", test_provenance);
    g_test_add_func("/picture/metadata/texts", test_texts);
    g_test_add_func("/picture/metadata/recipe", test_recipe);
    g_test_add_func("/picture/metadata/hostile-exif", test_hostile_exif);
    g_test_add_func("/picture/metadata/giant-header", test_giant_header);
    return g_test_run();
}
