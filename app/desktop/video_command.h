/* The command line that paints a whole video as one of its frames is painted on the screen. */
#pragma once

#include "engine/paint/look.h"

/** Writes the look's recipe to a file of the program's own, and returns the command that uses it, quoted for a shell;
 *  owned by the caller. The result is to lie beside the video. NULL with what writing says. */
char *pst_video_command(const char *video, const PstLook *look, GError **error);
