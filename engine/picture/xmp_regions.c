#include "xmp_regions.h"

#include "upright.h"
#include "xmp_names.h"
#include "xmp_tree.h"

static gboolean get_share(xmlNode *area, const char *name, double *value)
{
    xmlNode *property = pst_xmp_find(area, PST_XMP_AREA, name);
    xmlChar *text = property ? xmlNodeGetContent(property) : NULL;
    if (text)
        *value = g_ascii_strtod((const char *)text, NULL);
    xmlFree(text);
    return text != NULL && *value >= 0 && *value <= 1;
}

static void set_text(xmlNode *structure, const char *space, const char *name, const char *text)
{
    xmlNode *property = pst_xmp_find(structure, space, name);
    if (property)
        xmlNodeSetContent(property, (const xmlChar *)text);
}

static void set_share(xmlNode *area, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    set_text(area, PST_XMP_AREA, name, g_ascii_formatd(text, sizeof text, "%.6g", value));
}

/* The area is the middle and the size of a rectangle or the diameter of a circle, in shares of the picture. */
static void turn_area(xmlNode *area, PstTurn turn)
{
    double x = 0, y = 0, w = 0, h = 0;
    if (!get_share(area, "x", &x) || !get_share(area, "y", &y))
        return;
    gboolean sized = get_share(area, "w", &w) && get_share(area, "h", &h);
    double across = turn.turned ? y : x, down = turn.turned ? x : y;
    set_share(area, "x", turn.mirrored ? 1 - across : across);
    set_share(area, "y", turn.bottom_up ? 1 - down : down);
    if (sized && turn.turned) {
        set_share(area, "w", h);
        set_share(area, "h", w);
    }
}

static void set_size(xmlNode *size, const char *name, int value)
{
    g_autofree char *text = g_strdup_printf("%d", value);
    set_text(size, PST_XMP_SIZE, name, text);
}

static void turn_all(xmlNode *element, const PstXmpChanges *changes)
{
    for (xmlNode *child = element->children; child; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (pst_xmp_is(child, PST_XMP_REGIONS, "Area")) {
            turn_area(child, pst_turn_from_orientation(changes->orientation));
        } else if (pst_xmp_is(child, PST_XMP_REGIONS, "AppliedToDimensions")) {
            set_size(child, "w", changes->width);
            set_size(child, "h", changes->height);
        } else {
            turn_all(child, changes);
        }
    }
}

void pst_xmp_turn_regions(xmlNode *rdf, const PstXmpChanges *changes)
{
    turn_all(rdf, changes);
}
