/* Folders that tests make. */
#pragma once

#include <glib.h>

/** Removes a folder with all that is in it, or a file. Follows no links. */
void folder_remove(const char *path);
