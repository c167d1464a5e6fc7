#include "result_parts.h"

struct PstResultParts {
    const PstTileExchange *exchange;
    int height, count;
    gboolean *wanted; /* of each part */
    int row;          /* that comes next */
    PstRowWriter *writer;
};

PstResultParts *pst_result_parts_new(const PstTileExchange *exchange, int height)
{
    PstResultParts *parts = g_new0(PstResultParts, 1);

    parts->exchange = exchange;
    parts->height = height;
    parts->count = (height + PST_PART_ROWS - 1) / PST_PART_ROWS;
    parts->wanted = g_new0(gboolean, parts->count);
    for (int i = 0; i < parts->count; i++) {
        g_autofree char *path = exchange->part(i, FALSE, exchange->data, NULL);

        parts->wanted[i] = exchange->is_my_part(i, exchange->data) && !g_file_test(path, G_FILE_TEST_EXISTS);
    }
    return parts;
}

void pst_result_parts_free(PstResultParts *parts)
{
    if (!parts) {
        return;
    }
    pst_row_writer_free(parts->writer);
    g_free(parts->wanted);
    g_free(parts);
}

gboolean pst_result_parts_wants(const PstResultParts *parts, int first, int rows)
{
    for (int i = first / PST_PART_ROWS; i <= (first + rows - 1) / PST_PART_ROWS; i++) {
        if (parts->wanted[i]) {
            return TRUE;
        }
    }
    return FALSE;
}

static PstRowWriter *open_part(const PstResultParts *parts, int number, const PstPictureInfo *whole,
                               const PstWriteOptions *options, GCancellable *cancellable, GError **error)
{
    g_autofree char *path = parts->exchange->part(number, FALSE, parts->exchange->data, error);
    PstPictureInfo info = *whole; /* borrows */
    PstWriteOptions of_part = *options;

    info.height = MIN(PST_PART_ROWS, parts->height - number * PST_PART_ROWS);
    of_part.format = PST_FORMAT_TIFF;
    of_part.part_of = parts->height;
    of_part.conflict = PST_CONFLICT_OVERWRITE;
    return pst_row_writer_open(path, &info, &of_part, cancellable, error);
}

static gboolean close_part(PstResultParts *parts, GError **error)
{
    g_autofree char *written = pst_row_writer_commit(parts->writer, error);

    g_clear_pointer(&parts->writer, pst_row_writer_free);
    return written != NULL;
}

gboolean pst_result_parts_write(PstResultParts *parts, const PstPictureInfo *info, const PstWriteOptions *options,
                                int rows, const float *rgb, const float *alpha, GCancellable *cancellable,
                                GError **error)
{
    gsize width = (gsize)info->width;

    while (rows > 0) {
        int number = parts->row / PST_PART_ROWS, end = MIN(parts->height, (number + 1) * PST_PART_ROWS);
        int count = MIN(rows, end - parts->row);

        if (parts->wanted[number]) {
            if (!parts->writer) {
                parts->writer = open_part(parts, number, info, options, cancellable, error);
            }
            if (!parts->writer || !pst_row_writer_write(parts->writer, count, rgb, alpha, error) ||
                (parts->row + count == end && !close_part(parts, error))) {
                return FALSE;
            }
        }
        parts->row += count;
        rows -= count;
        rgb += (gsize)count * width * 3;
        alpha = alpha ? alpha + (gsize)count * width : NULL;
    }
    return TRUE;
}

gboolean pst_result_parts_join(const PstResultParts *parts, PstRowWriter *writer, GError **error)
{
    for (int i = 0; i < parts->count; i++) {
        g_autofree char *path = parts->exchange->part(i, TRUE, parts->exchange->data, error);

        if (!path || !pst_row_writer_take(writer, path, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
