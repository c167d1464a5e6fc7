#include "jpeg_arrays.h"

#include <jerror.h>

/* libjpeg leaves this type to its memory manager. */
struct jvirt_barray_control {
    PstJpegArrays *owner;
    gsize row_size; /* bytes */
    JDIMENSION rows, blocks;
    JBLOCKROW *at; /* [rows], once there is memory */
};

static void free_array(gpointer data)
{
    struct jvirt_barray_control *array = data;
    g_free(array->at);
    g_free(array);
}

static jvirt_barray_ptr request(j_common_ptr jpeg, int pool, boolean zeroed, JDIMENSION blocks, JDIMENSION rows,
                                JDIMENSION most)
{
    PstJpegArrays *arrays = jpeg->client_data;
    struct jvirt_barray_control *array = g_new0(struct jvirt_barray_control, 1);
    array->owner = arrays;
    array->blocks = blocks;
    array->rows = rows;
    array->row_size = (gsize)blocks * sizeof(JBLOCK);
    g_ptr_array_add(arrays->arrays, array);
    return array;
}

static void realise(j_common_ptr jpeg)
{
    PstJpegArrays *arrays = jpeg->client_data;
    guint64 size = 0;
    arrays->realise(jpeg);
    for (guint i = 0; i < arrays->arrays->len; i++) {
        struct jvirt_barray_control *array = arrays->arrays->pdata[i];
        size += (guint64)array->row_size * array->rows;
    }
    if (size == 0 || arrays->scratch)
        return;
    arrays->scratch = pst_scratch_file_new(size, arrays->name, &arrays->error);
    if (!arrays->scratch)
        ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
    guint8 *at = arrays->scratch->data;
    for (guint i = 0; i < arrays->arrays->len; i++) {
        struct jvirt_barray_control *array = arrays->arrays->pdata[i];
        array->at = g_new(JBLOCKROW, array->rows);
        for (JDIMENSION row = 0; row < array->rows; row++, at += array->row_size)
            array->at[row] = (JBLOCKROW)at;
    }
}

static JBLOCKARRAY get_rows(j_common_ptr jpeg, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION rows,
                            boolean writable)
{
    if (!array->at || first > array->rows || rows > array->rows - first)
        ERREXIT(jpeg, JERR_BAD_VIRTUAL_ACCESS);
    pst_scratch_file_touch(array->owner->scratch, (guint64)array->row_size * rows);
    return array->at + first;
}

void pst_jpeg_arrays_install(PstJpegArrays *arrays, j_common_ptr jpeg)
{
    arrays->arrays = g_ptr_array_new_with_free_func(free_array);
    arrays->realise = jpeg->mem->realize_virt_arrays;
    jpeg->mem->request_virt_barray = request;
    jpeg->mem->realize_virt_arrays = realise;
    jpeg->mem->access_virt_barray = get_rows;
}

void pst_jpeg_arrays_clear(PstJpegArrays *arrays)
{
    g_clear_pointer(&arrays->arrays, g_ptr_array_unref);
    g_clear_pointer(&arrays->scratch, pst_scratch_file_free);
    g_clear_error(&arrays->error);
}
