#include "export_batch.h"

#include "app/common/batch.h"

GListStore *pst_export_batch_new(const char *const *paths, PstLook *look, const PstExportOptions *options)
{
    const PstBatchSettings settings = { .output = options->folder,
                                        .label = "painting",
                                        .conflict = PST_CONFLICT_UNIQUE };
    g_autoptr(PstBatch) batch = pst_batch_new(paths, &settings, NULL);
    GListStore *items = g_list_store_new(PST_TYPE_EXPORT_ITEM);

    for (guint i = 0; batch && i < batch->items->len; i++) {
        const PstBatchItem *planned = batch->items->pdata[i];
        PstExportOptions own = *options;
        g_autoptr(PstExportItem) item = NULL;

        own.format = planned->format;
        item = pst_export_item_new_for_path(planned->input, look, &own);
        g_list_store_append(items, item);
    }
    return items;
}
