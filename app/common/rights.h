/* Whose pictures a style is learnt from. The answer is kept in the style as its licence. */
#pragma once

typedef enum {
    PST_RIGHTS_OWN,
    PST_RIGHTS_PUBLIC_DOMAIN,
    PST_RIGHTS_PERMISSION,
    PST_RIGHTS_UNKNOWN,
    PST_RIGHTS /* how many answers there are */
} PstRights;

/** The answers as choices of --rights; ends with NULL. */
extern const char *const pst_rights_names[PST_RIGHTS + 1];

/** The answer to be chosen, in the user's language: "Mine", .... A constant. */
const char *pst_rights_label(PstRights rights);

/** The answer as a licence, never translated as it goes into files: "own pictures", .... A constant. */
const char *pst_rights_licence(PstRights rights);
