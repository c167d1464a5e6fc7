#include "advice.h"

#include "manifest.h"

#include "engine/base/memory_guard.h"
#include "engine/finetune/style_checkpoint.h"
#include "engine/paint/recipe.h"
#include "engine/picture/picture.h"
#include "engine/style/style.h"
#include "engine/video/video_error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const tensors[] = {
    [PST_TENSORS_ERROR_READ] = N_("check that it is there and that you may read it"),
    [PST_TENSORS_ERROR_LIMIT] = N_("use a smaller file"),
    [PST_TENSORS_ERROR_DAMAGED] = N_("get or export the file again"),
    [PST_TENSORS_ERROR_MISMATCH] = N_("use a file made for this version of Pastiche"),
    [PST_TENSORS_ERROR_VALUE] = N_("correct it and save again"),
    [PST_TENSORS_ERROR_WRITE] = N_("check the free space and your rights in that folder"),
};

static const char *const model[] = {
    [PST_MODEL_ERROR_FILE] = N_("reinstall the program"),
    [PST_MODEL_ERROR_MISSING] = N_("reinstall the program, or set PASTICHE_DATA to its data folder"),
};

static const char *const picture[] = {
    [PST_PICTURE_ERROR_MISSING] = N_("check the name"),
    [PST_PICTURE_ERROR_NOT_A_FILE] = N_("give the name of a file"),
    [PST_PICTURE_ERROR_PERMISSION] = N_("change the permissions or choose another place"),
    [PST_PICTURE_ERROR_EMPTY] = N_("copy or export the picture again"),
    [PST_PICTURE_ERROR_FORMAT] = N_("use a JPEG, PNG or TIFF file"),
    [PST_PICTURE_ERROR_UNSUPPORTED] = N_("convert it to a usual JPEG or a PNG"),
    [PST_PICTURE_ERROR_DAMAGED] = N_("copy or download it again"),
    [PST_PICTURE_ERROR_TOO_BIG] = N_("make it smaller, or save it anew in another format"),
    [PST_PICTURE_ERROR_MEMORY] = N_("make the picture smaller or close other programs"),
    [PST_PICTURE_ERROR_EXISTS] = N_("choose another name"),
    [PST_PICTURE_ERROR_INPUT] = N_("choose another name"),
    [PST_PICTURE_ERROR_NO_SPACE] = N_("free some space or choose another folder"),
    [PST_PICTURE_ERROR_IO] = N_("check the disk or choose another folder"),
};

static const char *const memory[] = {
    [PST_MEMORY_ERROR_SHORT] = N_("make the picture smaller or close other programs"),
};

static const char *const style[] = {
    [PST_STYLE_ERROR_FORMAT] = N_("make one from pictures"),
    [PST_STYLE_ERROR_VALUE] = N_("make the style again"),
};

static const char *const recipe[] = {
    [PST_RECIPE_ERROR_READ] = N_("check the name"),
    [PST_RECIPE_ERROR_FILE] = N_("save the recipe anew"),
    [PST_RECIPE_ERROR_VERSION] = N_("update the program"),
    [PST_RECIPE_ERROR_VALUE] = N_("correct it, or save the recipe anew"),
    [PST_RECIPE_ERROR_STYLE] = N_("import its style file"),
};

static const char *const example[] = {
    [PST_EXAMPLE_ERROR_SMALL] = N_("give a larger picture"),
    [PST_EXAMPLE_ERROR_FEW] = N_("give a folder of pictures"),
    [PST_EXAMPLE_ERROR_MANY] = N_("leave some out"),
};

static const char *const manifest[] = {
    [PST_JOB_MANIFEST_ERROR_READ] = N_("check that it is there and that you may read it"),
    [PST_JOB_MANIFEST_ERROR_WRITE] = N_("check the free space and your rights in that folder"),
    [PST_JOB_MANIFEST_ERROR_FORMAT] = N_("give a manifest, or the name of a new file"),
    [PST_JOB_MANIFEST_ERROR_BUSY] = N_("give each shard a manifest of its own"),
    [PST_JOB_MANIFEST_ERROR_NAME] = N_("rename it"),
};

static const char *const video[] = {
    [PST_VIDEO_ERROR_FFMPEG] = N_("install the package ffmpeg"),
    [PST_VIDEO_ERROR_FORMAT] = N_("give a file that a video player plays"),
    [PST_VIDEO_ERROR_READ] = N_("copy or download it again"),
    [PST_VIDEO_ERROR_WRITE] = N_("check the free space, and what ffmpeg is able to encode"),
    [PST_VIDEO_ERROR_HOLDER] = N_("end the name of the result in .mkv, which holds everything"),
    [PST_VIDEO_ERROR_TIME] = N_("give an earlier time"),
    [PST_VIDEO_ERROR_SUFFIX] = N_("end it in .mp4, .mov, .mkv or .webm"),
};

static const char *const checkpoint[] = {
    [PST_STYLE_CHECKPOINT_ERROR_MISSING] = N_("begin a new training"),
    [PST_STYLE_CHECKPOINT_ERROR_OTHER] = N_("begin a new training"),
};

const char *pst_advice(const GError *error)
{
    const struct {
        GQuark domain;
        const char *const *texts; /* by code */
        int count;
    } all[] = {
        { PST_TENSORS_ERROR, tensors, G_N_ELEMENTS(tensors) },
        { PST_MODEL_ERROR, model, G_N_ELEMENTS(model) },
        { PST_PICTURE_ERROR, picture, G_N_ELEMENTS(picture) },
        { PST_MEMORY_ERROR, memory, G_N_ELEMENTS(memory) },
        { PST_STYLE_ERROR, style, G_N_ELEMENTS(style) },
        { PST_RECIPE_ERROR, recipe, G_N_ELEMENTS(recipe) },
        { PST_EXAMPLE_ERROR, example, G_N_ELEMENTS(example) },
        { PST_JOB_MANIFEST_ERROR, manifest, G_N_ELEMENTS(manifest) },
        { PST_VIDEO_ERROR, video, G_N_ELEMENTS(video) },
        { PST_STYLE_CHECKPOINT_ERROR, checkpoint, G_N_ELEMENTS(checkpoint) },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        if (error->domain == all[i].domain && error->code < all[i].count)
            return _(all[i].texts[error->code]);
    }
    return NULL;
}

gboolean pst_error_may_pass(const GError *error)
{
    return g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_MEMORY) ||
           g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_NO_SPACE) ||
           g_error_matches(error, PST_PICTURE_ERROR, PST_PICTURE_ERROR_IO) ||
           g_error_matches(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_WRITE) ||
           g_error_matches(error, PST_JOB_MANIFEST_ERROR, PST_JOB_MANIFEST_ERROR_BUSY);
}

char *pst_error_text(const GError *error)
{
    const char *advice = pst_advice(error);

    return advice ? g_strdup_printf("%s; %s", error->message, advice) : g_strdup(error->message);
}

char *pst_error_text_in_window(const GError *error, const char *path)
{
    g_autofree char *folder = path ? g_path_get_dirname(path) : NULL, *text = pst_error_text(error);
    gsize length = folder ? strlen(folder) + 1 : 0;

    return length && path[0] == '/' && g_str_has_prefix(text, path) ? g_strdup(text + length) : g_steal_pointer(&text);
}
