/* What the window keeps between its runs: sessions and training requests. */
#include "fuzz.h"

#include <glib/gstdio.h>

#include "app/desktop/session.h"
#include "app/desktop/training_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char *folder;
    if (!folder) {
        g_autofree char *state = g_dir_make_tmp("fuzz-XXXXXX", NULL);
        g_setenv("XDG_STATE_HOME", state, TRUE);
        folder = g_build_filename(state, "pastiche", NULL);
        g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    }
    g_autofree char *request = g_build_filename(folder, "1.training", NULL);
    g_assert_true(g_file_set_contents(request, (const char *)data, (gssize)size, NULL));
    g_ptr_array_unref(pst_training_request_list());
    g_autofree char *name = pst_session_name(request);
    PstLook *look = pst_session_look(request);
    if (look)
        pst_look_unref(look);
    return 0;
}
