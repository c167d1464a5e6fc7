#include "familiarity_check.h"

#include "app/common/unlikeness.h"

typedef struct {
    GWeakRef document;
    PstEngineService *service;
    PstPhoto *photo;
} Check;

static void check_free(gpointer data)
{
    Check *check = data;

    g_weak_ref_clear(&check->document);
    pst_photo_unref(check->photo);
    g_free(check);
}

/* The photograph where it is unlike the others, or NULL. */
static gpointer check_run(gpointer data, PstWorkerJob *job, GError **error)
{
    const Check *check = data;
    g_autoptr(PstFamiliarity) familiarity = pst_familiarity_load_default(error);
    const PstModel *model = familiarity ? pst_engine_service_model(check->service, error) : NULL;

    return model && pst_photo_is_unlike(familiarity, model, pst_engine_service_pool(check->service, job),
                                        check->photo->path, pst_worker_job_cancellable(job))
               ? check->photo
               : NULL;
}

static void check_done(gpointer data, gpointer unlike, const GError *error)
{
    Check *check = data;
    g_autoptr(PstDocument) document = g_weak_ref_get(&check->document);

    if (document && unlike && pst_document_photo(document) == unlike) {
        g_autofree char *text = g_strdup_printf("%s: %s", check->photo->name, pst_unlikeness_text());

        pst_document_tell(document, text);
    }
}

static const PstWorkerJobClass check_class = { check_run, NULL, check_done, check_free };

static void on_photo(PstDocument *document, gpointer original, PstEngineService *service)
{
    PstPhoto *photo = pst_document_photo(document);
    g_autofree char *slot = g_strdup_printf("familiarity/%p", (void *)document);
    Check *check;

    if (!photo || !photo->path) {
        return;
    }
    check = g_new0(Check, 1);
    g_weak_ref_init(&check->document, document);
    check->service = service;
    check->photo = pst_photo_ref(photo);
    pst_worker_push(pst_engine_service_worker(service), &check_class, PST_PRIORITY_THUMBNAIL, slot, check);
}

void pst_familiarity_check_follow(PstDocument *document, PstEngineService *service)
{
    g_signal_connect(document, "photo-changed", G_CALLBACK(on_photo), service);
}
