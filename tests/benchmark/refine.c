/* refine PHOTO START PAINTING OUT: refines one picture; for benchmarks and for looking at what options do. */
#include "engine/refine/detail.h"
#include "engine/refine/refine.h"

#include "engine/base/memory.h"
#include "engine/network/padding.h"
#include "engine/picture/reader.h"
#include "engine/picture/writer.h"

#include <stdlib.h>
#include <time.h>

static PstRefineOptions refinement = PST_REFINE_DEFAULTS;
static PstDetailOptions detail = PST_DETAIL_DEFAULTS;
static PstPaletteVectorsOptions chosen = PST_PALETTE_VECTORS_DEFAULTS;
static char *encoder_path = "data/encoder.safetensors";
static char *steps;
static int side = 512, threads = 1, style_side, full_side;

static const GOptionEntry entries[] = {
    { "encoder", 0, 0, G_OPTION_ARG_FILENAME, &encoder_path, "Weights of the encoder", "FILE" },
    { "size", 0, 0, G_OPTION_ARG_INT, &side, "Short side of the picture", "N" },
    { "style-size", 0, 0, G_OPTION_ARG_INT, &style_side, "Short side of the painting", "N" },
    { "full", 0, 0, G_OPTION_ARG_INT, &full_side, "Short side of the result, where it is larger", "N" },
    { "detail-photo", 0, 0, G_OPTION_ARG_DOUBLE, &detail.photo, "Fine light and shade of the photograph", "X" },
    { "detail-steps", 0, 0, G_OPTION_ARG_INT, &detail.steps, "Steps at full size", "N" },
    { "detail-half-steps", 0, 0, G_OPTION_ARG_INT, &detail.half_steps, "Steps at half of it", "N" },
    { "detail-layers", 0, 0, G_OPTION_ARG_INT, &detail.layers, "Layers at full size", "N" },
    { "detail-half-layers", 0, 0, G_OPTION_ARG_INT, &detail.half_layers, "Layers at half of it", "N" },
    { "detail-rate", 0, 0, G_OPTION_ARG_DOUBLE, &detail.rate, "Rate", "X" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &threads, "Threads", "N" },
    { "vectors", 0, 0, G_OPTION_ARG_INT, &chosen.vectors, "Style vectors of a layer", "N" },
    { "steps", 0, 0, G_OPTION_ARG_STRING, &steps, "Steps of each octave", "N,N,N,N" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.rate, "First rate", "X" },
    { "final-rate", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.final_rate, "And the last", "X" },
    { "beta2", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.beta2, "Of Adam", "X" },
    { "refresh", 0, 0, G_OPTION_ARG_INT, &refinement.weights.refresh,
      "Steps after which places look for neighbours again", "N" },
    { "cover", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.weights.cover, "Weight of coverage", "X" },
    { "apart", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.weights.apart, "Weight of distances", "X" },
    { "near", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.weights.near, "Weight of neighbours", "X" },
    { "moments", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.weights.moments, "Weight of moments", "X" },
    { "content", 0, 0, G_OPTION_ARG_DOUBLE, &refinement.weights.content, "Weight of content", "X" },
    G_OPTION_ENTRY_NULL
};

/* "60,0": octave 0 and on; octaves not named get none. */
static void set_steps(const char *text, int *of_octaves)
{
    g_auto(GStrv) words = text ? g_strsplit(text, ",", PST_PALETTE_OCTAVES) : NULL;

    for (guint i = 0; words && i < PST_PALETTE_OCTAVES; i++) {
        of_octaves[i] = i < g_strv_length(words) ? atoi(words[i]) : 0;
    }
}

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static PstPicture *picture_at(const char *path, int short_side, GError **error)
{
    g_autoptr(PstPicture) picture = pst_picture_read(path, NULL, NULL, error);

    return picture ? pst_picture_fit_short_side(picture, short_side, NULL, error) : NULL;
}

static PstMap canvas_of(const PstPicture *picture)
{
    PstMap map = pst_map_new(pst_padded_side(picture->height), pst_padded_side(picture->width), 3);

    pst_padded_fill(picture, 0, &map);
    return map;
}

typedef struct {
    const PstPicture *photo;
    PstPicture *result;
} Rows;

static gboolean read_rows(int first, int rows, float *rgb, gpointer data, GError **error)
{
    const PstPicture *photo = ((Rows *)data)->photo;

    memcpy(rgb, photo->rgb + (gsize)3 * first * photo->width, (gsize)3 * rows * photo->width * sizeof *rgb);
    return TRUE;
}

static gboolean write_rows(int first, int rows, const float *rgb, gpointer data, GError **error)
{
    PstPicture *result = ((Rows *)data)->result;

    memcpy(result->rgb + (gsize)3 * first * result->width, rgb, (gsize)3 * rows * result->width * sizeof *rgb);
    return TRUE;
}

/* The map without what was added to it. */
static PstMap cut(const PstMap *map, const PstPicture *like)
{
    PstMap part = pst_map_new(like->height, like->width, 3);

    for (int y = 0; y < like->height; y++) {
        memcpy(pst_map_at(&part, y, 0), pst_map_at(map, y, 0), (gsize)3 * like->width * sizeof(float));
    }
    return part;
}

/* The finer octaves, after the painting at its own size. */
static PstPicture *finish(const PstFeatureNetwork *network, PstThreadPool *pool, char **paths, const PstPicture *photo,
                          const PstMap *refined, GError **error)
{
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    g_autoptr(PstPicture) full = picture_at(paths[0], full_side, error);
    g_autoptr(PstPicture) painting = full ? pst_picture_read(paths[2], NULL, NULL, error) : NULL;
    g_autoptr(PstPicture) result = painting ? pst_picture_new(full->width, full->height, FALSE, error) : NULL;
    PstMap style = canvas_of(painting), low = { photo->rgb, photo->height, photo->width, 3 };
    PstPaletteVectorsOptions options = { .vectors = chosen.vectors, .octaves = 1 };
    g_autoptr(PstPaletteVectors) palette = pst_palette_vectors_new(network, executor, &style, 1, &options);
    Rows rows = { full, result };
    PstDetailPicture picture = { .height = full->height,
                                 .width = full->width,
                                 .photo = &low,
                                 .refined = refined,
                                 .styles = (const PstPaletteVectors *const[]){ palette },
                                 .count = 1,
                                 .read = read_rows,
                                 .write = write_rows,
                                 .data = &rows };
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    gboolean done = pst_detail(network, &picture, &detail, pool, NULL, error);

    g_print("%d x %d  detail %.2f s of a processor\n", full->width, full->height,
            seconds(CLOCK_PROCESS_CPUTIME_ID) - begin);
    pst_map_clear(&style);
    return done ? g_steal_pointer(&result) : NULL;
}

static gboolean run(char **paths, GError **error)
{
    g_autoptr(PstThreadPool) pool = pst_thread_pool_new(threads);
    g_autoptr(PstExecutor) executor = pst_executor_new(pool, NULL, NULL, NULL);
    g_autoptr(PstTensors) weights = pst_tensors_read(encoder_path, NULL, error);
    g_autoptr(PstFeatureNetwork) network = weights ? pst_feature_network_new(weights, error) : NULL;
    g_autoptr(PstPicture) photo = network ? picture_at(paths[0], side, error) : NULL;
    g_autoptr(PstPicture) start = photo ? picture_at(paths[1], side, error) : NULL;
    g_autoptr(PstPicture) painting = start ? picture_at(paths[2], style_side ? style_side : side, error) : NULL;
    g_autoptr(PstPicture) result = NULL;
    PstMap maps[3], refined;
    g_autoptr(PstPaletteVectors) palette = NULL;
    double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID), begin;

    if (!painting) {
        return FALSE;
    }
    set_steps(steps, refinement.steps);
    maps[0] = canvas_of(photo);
    maps[1] = canvas_of(start);
    maps[2] = canvas_of(painting);
    palette = pst_palette_vectors_new(network, executor, &maps[2], 1, &chosen);
    begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    pst_refine(network, palette, &maps[0], &maps[1], &refinement, pool, NULL, NULL, NULL);
    g_print("%d x %d  palette %.2f s  refinement %.2f s of a processor  %.2f s in all\n", photo->width, photo->height,
            begin - processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - begin, seconds(CLOCK_MONOTONIC) - wall);
    refined = cut(&maps[1], start);
    if (full_side) {
        result = finish(network, pool, paths, photo, &refined, error);
    } else {
        memcpy(start->rgb, refined.data, pst_map_size(&refined) * sizeof(float));
        result = g_steal_pointer(&start);
    }
    pst_map_clear(&refined);
    for (int i = 0; i < 3; i++) {
        pst_map_clear(&maps[i]);
    }
    return result && pst_picture_write(result, paths[3], &(PstWriteOptions){ .conflict = PST_CONFLICT_OVERWRITE }, NULL,
                                       NULL, error);
}

int main(int count, char **arguments)
{
    g_autoptr(GOptionContext) context = g_option_context_new("PHOTO START PAINTING OUT");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &count, &arguments, &error) || count != 5 || !run(arguments + 1, &error)) {
        g_printerr("%s\n", error ? error->message : "PHOTO START PAINTING OUT");
        return 1;
    }
    return 0;
}
