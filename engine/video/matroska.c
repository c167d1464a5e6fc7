#include "matroska.h"

#include <string.h>

/* Identifiers of elements, their length marks included. */
enum {
    EBML = 0x1a45dfa3,
    DOC_TYPE = 0x4282,
    DOC_TYPE_VERSION = 0x4287,
    DOC_TYPE_READ_VERSION = 0x4285,
    SEGMENT = 0x18538067,
    INFO = 0x1549a966,
    TIMESTAMP_SCALE = 0x2ad7b1,
    MUXING_APP = 0x4d80,
    WRITING_APP = 0x5741,
    TRACKS = 0x1654ae6b,
    TRACK_ENTRY = 0xae,
    TRACK_NUMBER = 0xd7,
    TRACK_UID = 0x73c5,
    TRACK_TYPE = 0x83,
    CODEC_ID = 0x86,
    VIDEO = 0xe0,
    PIXEL_WIDTH = 0xb0,
    PIXEL_HEIGHT = 0xba,
    UNCOMPRESSED_FOURCC = 0x2eb524,
    CLUSTER = 0x1f43b675,
    TIMESTAMP = 0xe7,
    SIMPLE_BLOCK = 0xa3,
};

#define TICK        1000 /* nanoseconds */
#define BLOCK_BYTES 4    /* of a SimpleBlock before its frame */
#define KEY_FRAME   0x80

static void add_big_endian(GByteArray *bytes, guint64 value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        guint8 byte = (guint8)(value >> 8 * i);

        g_byte_array_append(bytes, &byte, 1);
    }
}

/* Identifier and size, which takes eight bytes whatever it is. */
static void begin_element(GByteArray *bytes, guint32 id, guint64 size)
{
    int count = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;

    add_big_endian(bytes, id, count);
    add_big_endian(bytes, size | (guint64)1 << 56, 8);
}

static void add_number(GByteArray *bytes, guint32 id, guint64 value)
{
    begin_element(bytes, id, 8);
    add_big_endian(bytes, value, 8);
}

static void add_bytes(GByteArray *bytes, guint32 id, const void *data, gsize size)
{
    begin_element(bytes, id, size);
    g_byte_array_append(bytes, data, (guint)size);
}

static void add_text(GByteArray *bytes, guint32 id, const char *text)
{
    add_bytes(bytes, id, text, strlen(text));
}

/* Takes `inner` over. */
static void add_master(GByteArray *bytes, guint32 id, GByteArray *inner)
{
    add_bytes(bytes, id, inner->data, inner->len);
    g_byte_array_unref(inner);
}

static GByteArray *video_of(const PstYuvFormat *format)
{
    /* As ffmpeg calls planar YUV of these depths: 4:4:4 and 4:2:0. */
    static const guint8 eight[2][4] = { { '4', '4', '4', 'P' }, { 'I', '4', '2', '0' } };
    static const guint8 ten[2][4] = { { 'Y', '3', 0, 10 }, { 'Y', '3', 11, 10 } };
    int quarter = format->quarter ? 1 : 0;
    GByteArray *video = g_byte_array_new();

    add_number(video, PIXEL_WIDTH, (guint64)format->width);
    add_number(video, PIXEL_HEIGHT, (guint64)format->height);
    add_bytes(video, UNCOMPRESSED_FOURCC, format->depth > 8 ? ten[quarter] : eight[quarter], 4);
    return video;
}

GByteArray *pst_matroska_header(const PstYuvFormat *format)
{
    GByteArray *all = g_byte_array_new(), *head = g_byte_array_new(), *info = g_byte_array_new();
    GByteArray *tracks = g_byte_array_new(), *track = g_byte_array_new();

    add_text(head, DOC_TYPE, "matroska");
    add_number(head, DOC_TYPE_VERSION, 4);
    add_number(head, DOC_TYPE_READ_VERSION, 2);
    add_master(all, EBML, head);
    /* All bits set: of unknown size. */
    begin_element(all, SEGMENT, ((guint64)1 << 56) - 1);
    add_number(info, TIMESTAMP_SCALE, TICK);
    add_text(info, MUXING_APP, "Pastiche");
    add_text(info, WRITING_APP, "Pastiche");
    add_master(all, INFO, info);
    add_number(track, TRACK_NUMBER, 1);
    add_number(track, TRACK_UID, 1);
    add_number(track, TRACK_TYPE, 1);
    add_text(track, CODEC_ID, "V_UNCOMPRESSED");
    add_master(track, VIDEO, video_of(format));
    add_master(tracks, TRACK_ENTRY, track);
    add_master(all, TRACKS, tracks);
    return all;
}

GByteArray *pst_matroska_frame(const PstYuvFormat *format, guint64 time)
{
    static const guint8 block[BLOCK_BYTES] = { 0x81, 0, 0, KEY_FRAME }; /* track 1, at the cluster's time */
    GByteArray *all = g_byte_array_new(), *timestamp = g_byte_array_new();
    guint64 size = pst_yuv_size(format) + BLOCK_BYTES;

    add_number(timestamp, TIMESTAMP, time);
    begin_element(all, CLUSTER, timestamp->len + 9 + size);
    g_byte_array_append(all, timestamp->data, timestamp->len);
    begin_element(all, SIMPLE_BLOCK, size);
    g_byte_array_append(all, block, BLOCK_BYTES);
    g_byte_array_unref(timestamp);
    return all;
}
