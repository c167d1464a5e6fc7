/* The photographs of a tray and their looks in a file that the window keeps beside its session (session.h). */
#pragma once

#include "tray.h"

/** Writes it; removes the file where there is one photograph or none. */
void pst_kept_tray_write(PstTray *tray, const char *path);

/** The first photograph that is still there, or NULL; owned by the caller. */
char *pst_kept_tray_first(const char *path);

/** The photographs that are still there (PstTrayItem), with their looks; the names of the others are added to `gone`
 *  (char *, owned). NULL where there is no such file. Owned by the caller. */
GPtrArray *pst_kept_tray_read(const char *path, GPtrArray *gone);
