/* The recipe of a painting: a look (look.h) and where it comes from, as a small JSON text.
 *
 * Styles are inlined, so that a recipe works where the style or its picture is not at hand. What training changed in
 * the generator is too much for that: a recipe only names it, and the look has to be completed from the trained style.
 * The text is described in docs/formats.md. It is read strictly: bounded, every known value of the right type, finite
 * and within the ranges of look.h; keys that this version does not know are passed over, and texts of a later format
 * are refused. It is written canonically: the same look gives the same bytes, and reading them back gives the same
 * look, to the last bit.
 */
#pragma once

#include "look.h"

#define PST_RECIPE_ERROR pst_recipe_error_quark()
GQuark pst_recipe_error_quark(void);

typedef enum {
    PST_RECIPE_ERROR_READ,    /* can't be read */
    PST_RECIPE_ERROR_FILE,    /* is too large or is not such a JSON text */
    PST_RECIPE_ERROR_VERSION, /* of a later format */
    PST_RECIPE_ERROR_VALUE,   /* a value is missing, of the wrong type or out of range */
    PST_RECIPE_ERROR_STYLE,   /* a trained style that it needs is not at hand */
} PstRecipeError;

#define PST_RECIPE_BYTES (8 << 20)
#define PST_RECIPE_MASK  (1 << 20) /* bytes of a mask's text */

/** Where a recipe comes from. */
typedef struct {
    char *program; /* name and version of what made it, "pastiche 0.1.0"; or NULL */
    char *model;   /* SHA-256 of the generator's weights; or NULL */
    char *date;    /* ISO 8601, UTC, to the second; or NULL */
    char *unknown; /* of a recipe that was read: the first key that was passed over; or NULL */
} PstRecipeOrigin;

void pst_recipe_origin_clear(PstRecipeOrigin *origin);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PstRecipeOrigin, pst_recipe_origin_clear)

/** `program` and the networks that are installed, without a date. FALSE and an error where there are none. */
gboolean pst_recipe_origin_init(PstRecipeOrigin *origin, const char *program, GError **error);

/** Sets the date to now. */
void pst_recipe_origin_set_date(PstRecipeOrigin *origin);

/** FALSE if it was made with other networks than those that are installed: results may differ. */
gboolean pst_recipe_origin_suits(const PstRecipeOrigin *origin);

/** The look of a recipe. A style's id is a short name without slashes. `origin` (may be NULL) is overwritten. NULL and
 *  PST_RECIPE_ERROR, one line "file: reason". */
PstLook *pst_recipe_read(const char *path, PstRecipeOrigin *origin, GError **error);

/** The same from memory; `name` takes the file's place in error messages. */
PstLook *pst_recipe_parse(const char *text, gsize length, const char *name, PstRecipeOrigin *origin, GError **error);

/** FALSE and PST_RECIPE_ERROR_STYLE while a style of the look is incomplete; `name` begins the message. */
gboolean pst_recipe_is_complete(const PstLook *look, const char *name, GError **error);

/** A look as JSON text, UTF-8 and ending with a newline; owned by the caller. A style whose id is a path is named
 *  after that file, whose hash is taken where it can be read; texts of styles are made valid and cut at
 *  PST_STYLE_TEXT bytes. Regions without a style are left out. `origin` may be NULL. NULL and PST_RECIPE_ERROR_VALUE
 *  if a value is out of range or there is no style, so that whatever is written can be read. */
char *pst_recipe_write(const PstLook *look, const PstRecipeOrigin *origin, GError **error);

/** The same with regions that have no style yet, and a look that has none at all, and back: for what goes on later
 *  on the same machine. */
char *pst_recipe_write_draft(const PstLook *look, GError **error);
PstLook *pst_recipe_parse_draft(const char *text, gsize length, const char *name, GError **error);

/** SHA-256 of a file's bytes in small hexadecimal, owned by the caller. NULL and G_FILE_ERROR if it can't be read. */
char *pst_recipe_hash(const char *path, GError **error);
