#include "video_command.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "app/common/file_kind.h"
#include "engine/paint/recipe.h"
#include "engine/video/video_writer.h"
#include "recipe_file.h"

#define DIGITS 12 /* of a recipe's checksum in its file's name */

/* The same look has the same name, so that pressing the button again makes no further file. */
static char *recipe_path(const char *stem, const PstLook *look, GError **error)
{
    g_autofree char *folder = g_build_filename(g_get_user_data_dir(), "pastiche", "videos", NULL);
    g_autofree char *text = pst_recipe_write(look, NULL, error);
    g_autofree char *sum = text ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1) : NULL;
    g_autofree char *name = sum ? g_strdup_printf("%s-%.*s.json", stem, DIGITS, sum) : NULL;

    if (name && g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s: the folder can't be made: %s"), folder,
                    g_strerror(errno));
        return NULL;
    }
    return name ? g_build_filename(folder, name, NULL) : NULL;
}

/* By its name where a terminal finds it; else the program that belongs to this one, in an installation that was moved,
 * or in a build folder. */
static char *find_program(void)
{
    static const char *const places[] = { "../bin/pastiche", "cli/pastiche" };
    g_autofree char *found = g_find_program_in_path("pastiche"), *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;

    for (gsize i = 0; !found && folder && i < G_N_ELEMENTS(places); i++) {
        g_autofree char *near = g_build_filename(folder, places[i], NULL);
        g_autofree char *path = g_canonicalize_filename(near, NULL);

        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
            return g_shell_quote(path);
        }
    }
    return g_strdup("pastiche");
}

char *pst_video_command(const char *video, const PstLook *look, GError **error)
{
    const PstVideoHolder *holder = pst_video_holder(video);
    g_autoptr(PstLook) instant = pst_look_copy(look);
    g_autofree char *stem = pst_file_stem(video), *folder = g_path_get_dirname(video), *recipe = NULL;
    g_autofree char *name = g_strdup_printf("%s-painted.%s", stem, holder ? holder->suffix : "mkv");
    g_autofree char *output = g_build_filename(folder, name, NULL);
    g_autofree char *program = find_program(), *quoted_video = g_shell_quote(video), *quoted_recipe = NULL;
    g_autofree char *quoted_output = g_shell_quote(output);

    instant->finish = PST_FINISH_INSTANT; /* a video has no masterpiece */
    instant->size = 0;
    recipe = recipe_path(stem, instant, error);
    if (!recipe || !pst_recipe_file_write(instant, recipe, error)) {
        return NULL;
    }
    quoted_recipe = g_shell_quote(recipe);
    return g_strdup_printf("%s video %s --recipe %s -o %s", program, quoted_video, quoted_recipe, quoted_output);
}
