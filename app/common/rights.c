#include "rights.h"

#include <glib/gi18n-lib.h>

const char *const pst_rights_names[PST_RIGHTS + 1] = {
    [PST_RIGHTS_OWN] = "own",
    [PST_RIGHTS_PUBLIC_DOMAIN] = "public-domain",
    [PST_RIGHTS_PERMISSION] = "permission",
    [PST_RIGHTS_UNKNOWN] = "unknown",
};

static const char *const labels[PST_RIGHTS] = {
    [PST_RIGHTS_OWN] = N_("Mine"),
    [PST_RIGHTS_PUBLIC_DOMAIN] = N_("Public domain"),
    [PST_RIGHTS_PERMISSION] = N_("With permission"),
    [PST_RIGHTS_UNKNOWN] = N_("I don’t know"),
};

static const char *const licences[PST_RIGHTS] = {
    [PST_RIGHTS_OWN] = "own pictures",
    [PST_RIGHTS_PUBLIC_DOMAIN] = "public domain",
    [PST_RIGHTS_PERMISSION] = "by permission of the artist",
    [PST_RIGHTS_UNKNOWN] = "rights not known",
};

const char *pst_rights_label(PstRights rights)
{
    return _(labels[rights]);
}

const char *pst_rights_licence(PstRights rights)
{
    return licences[rights];
}
