/* What the data check says of the pictures of a style, for the screen. */
#pragma once

#include <glib.h>

typedef struct {
    char *text;          /* a sentence in the user's language */
    gboolean unreadable; /* a picture was left out */
    gboolean framed;     /* a picture has a frame, which can be taken off */
    GPtrArray *groups;   /* of GStrv: names of files that are alike, where they are in several styles; or NULL */
} PstDataFinding;

/** Reads a report as a style file keeps it (PstStyle.report, JSON or NULL): an array of PstDataFinding, empty where
 *  all is well. Free with g_ptr_array_unref(). NULL where there is no report. */
GPtrArray *pst_data_report_read(const char *json);
