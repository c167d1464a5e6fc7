#include "export_batch.h"

#include <glib/gi18n.h>

#include "document.h"

char *pst_export_batch_note(const PstBatch *batch)
{
    if (batch->problems->len > 0) {
        return g_strdup(((const GError *)batch->problems->pdata[0])->message);
    }
    return batch->others > 0
               ? g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "%u other file is no picture that can be read.",
                                             "%u other files are no pictures that can be read.", batch->others),
                                 batch->others)
               : NULL;
}

GListStore *pst_export_batch_new(PstTray *tray, const PstExportOptions *options, gboolean recursive, char **note)
{
    const PstBatchSettings settings = {
        .output = options->folder, .label = "painting", .conflict = PST_CONFLICT_UNIQUE, .recursive = recursive
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(PstBatch) batch = pst_batch_new(pst_tray_sources(tray), &settings, &error);
    GListStore *items = g_list_store_new(PST_TYPE_EXPORT_ITEM);

    *note = batch ? pst_export_batch_note(batch) : g_strdup(error->message);
    if (batch) {
        pst_document_add_inputs(batch->inputs);
    }
    for (guint i = 0; batch && i < batch->items->len; i++) {
        const PstBatchItem *planned = batch->items->pdata[i];
        g_autoptr(PstLook) look = pst_tray_look(tray, planned->input);
        g_autofree char *folder = g_path_get_dirname(planned->output);
        PstExportOptions own = *options;
        g_autoptr(PstExportItem) item = NULL;

        if (!look) {
            continue;
        }
        own.format = planned->format;
        own.folder = folder;
        item = pst_export_item_new_for_path(planned->input, look, &own);
        pst_export_item_set_inputs(item, batch->inputs);
        g_list_store_append(items, item);
    }
    return items;
}
