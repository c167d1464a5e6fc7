/* Everything of the public header, as a program of somebody else uses it:  library PHOTO STYLE FOLDER
 * Paints the photograph into FOLDER/file.png and FOLDER/memory.png, and ends with the line that failed, or 0. */
#include <math.h>
#include <pastiche/pastiche.h>
#include <string.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return __LINE__;                                                                                           \
    } while (0)

static void watch(double share, gpointer data)
{
    double *last = data;

    *last = share >= *last ? share : 2;
}

static void stop(double share, gpointer data)
{
    g_cancellable_cancel(data);
}

static int check_errors(Pastiche *pastiche, const char *folder)
{
    g_autofree char *nowhere = g_build_filename(folder, "nowhere", "photo.png", NULL);
    g_autofree char *text = g_build_filename(folder, "text.jpg", NULL);
    g_autoptr(GError) error = NULL;

    CHECK(!pastiche_new(folder, 1, &error) && g_error_matches(error, PASTICHE_ERROR, PASTICHE_ERROR_MISSING));
    g_clear_error(&error);
    CHECK(!pastiche_style_read(pastiche, "no-such-style", NULL, &error));
    CHECK(g_error_matches(error, PASTICHE_ERROR, PASTICHE_ERROR_MISSING));
    g_clear_error(&error);
    CHECK(!pastiche_picture_read(nowhere, NULL, &error) &&
          g_error_matches(error, PASTICHE_ERROR, PASTICHE_ERROR_MISSING) && strstr(error->message, "nowhere"));
    g_clear_error(&error);
    CHECK(g_file_set_contents(text, "no picture", -1, NULL));
    CHECK(!pastiche_style_read(pastiche, text, NULL, &error));
    CHECK(g_error_matches(error, PASTICHE_ERROR, PASTICHE_ERROR_FORMAT));
    CHECK(!pastiche_picture_read(text, NULL, NULL));
    return 0;
}

static int check_cancel(Pastiche *pastiche, const PastichePicture *photo, const PasticheStyle *style)
{
    PasticheSettings settings = PASTICHE_SETTINGS_INIT;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    settings.progress = stop;
    settings.data = cancellable;
    CHECK(!pastiche_paint(pastiche, photo, style, &settings, cancellable, &error));
    CHECK(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    return 0;
}

/* A strength of 0 gives back the photograph. */
static int check_strength(Pastiche *pastiche, const PasticheStyle *style)
{
    PasticheSettings settings = PASTICHE_SETTINGS_INIT;
    g_autoptr(PastichePicture) photo = pastiche_picture_new(40, 30, TRUE, NULL);
    g_autoptr(PastichePicture) painting = NULL;
    gsize count = 40 * 30;

    CHECK(photo && pastiche_picture_width(photo) == 40 && pastiche_picture_height(photo) == 30);
    for (gsize i = 0; i < 3 * count; i++)
        pastiche_picture_rgb(photo)[i] = (float)(i % 256) / 255;
    for (gsize i = 0; i < count; i++)
        pastiche_picture_alpha(photo)[i] = 1;
    settings.strength = 0;
    painting = pastiche_paint(pastiche, photo, style, &settings, NULL, NULL);
    CHECK(painting && pastiche_picture_alpha(painting));
    for (gsize i = 0; i < 3 * count; i++)
        CHECK(fabsf(pastiche_picture_rgb(painting)[i] - pastiche_picture_rgb(photo)[i]) < 1e-5f);
    return 0;
}

static int check(const char *path, const char *source, const char *folder)
{
    g_autofree char *memory = g_build_filename(folder, "memory.png", NULL);
    g_autofree char *file = g_build_filename(folder, "file.png", NULL);
    PasticheSettings settings = PASTICHE_SETTINGS_INIT;
    double last = 0;
    int line;
    g_autoptr(GError) error = NULL;
    g_autoptr(Pastiche) pastiche = pastiche_new(NULL, 2, &error);
    CHECK(pastiche && !error);
    g_autoptr(PasticheStyle) style = pastiche_style_read(pastiche, source, NULL, &error);
    CHECK(style && !error && *pastiche_style_name(style));
    g_autoptr(PastichePicture) photo = pastiche_picture_read(path, NULL, &error);
    CHECK(photo && !error && !pastiche_picture_alpha(photo));

    settings.progress = watch;
    settings.data = &last;
    g_autoptr(PastichePicture) painting = pastiche_paint(pastiche, photo, style, &settings, NULL, &error);
    CHECK(painting && !error && last == 1);
    g_autofree char *written = pastiche_picture_write(painting, memory, NULL, &error);
    CHECK(g_strcmp0(written, memory) == 0);
    g_autofree char *streamed = pastiche_paint_file(pastiche, path, style, file, NULL, NULL, &error);
    CHECK(g_strcmp0(streamed, file) == 0);
    g_autofree char *beside = pastiche_picture_write(painting, memory, NULL, &error);
    CHECK(beside && strstr(beside, "memory-2.png"));

    line = check_errors(pastiche, folder);
    line = line ? line : check_cancel(pastiche, photo, style);
    return line ? line : check_strength(pastiche, style);
}

int main(int argc, char **argv)
{
    int line = argc == 4 ? check(argv[1], argv[2], argv[3]) : __LINE__;

    if (line)
        g_printerr("line %d\n", line);
    return line != 0;
}
