#include "xmp.h"

#include "xmp_names.h"
#include "xmp_regions.h"
#include "xmp_tree.h"

#include <stdlib.h>
#include <string.h>

/* IPTC's news code where rules changed a picture. */
#define ENHANCED   PST_SOURCE_TYPES "algorithmicallyEnhanced"
#define OUR_PREFIX "pastiche"

typedef struct {
    const PstXmpChanges *changes;
    guint lost;
    GHashTable *emptied; /* name spaces that properties were taken out of: URIs */
} Cleaning;

static void revise(xmlNode *node, int value)
{
    g_autofree char *text = g_strdup_printf("%d", value);
    xmlNodeSetContent(node, (const xmlChar *)text);
}

/* Whether the property (an element or an attribute) is to go. Sets the values of those that stay. */
static gboolean is_unwanted(Cleaning *cleaning, xmlNode *property)
{
    const PstXmpChanges *changes = cleaning->changes;
    guint lost = 0;
    PstXmpKind kind = pst_xmp_judge(pst_xmp_space(property), pst_xmp_name(property), &lost);
    gboolean unwanted = kind == PST_XMP_OUTDATED || (kind == PST_XMP_PLACE && !changes->place) ||
                        (kind == PST_XMP_GEOMETRY && (changes->resized || changes->orientation > 1));
    if (kind == PST_XMP_UPRIGHT)
        revise(property, 1);
    else if (kind == PST_XMP_WIDTH || kind == PST_XMP_HEIGHT)
        revise(property, kind == PST_XMP_WIDTH ? changes->width : changes->height);
    if (unwanted) {
        cleaning->lost |= lost;
        g_hash_table_add(cleaning->emptied, g_strdup(pst_xmp_space(property)));
    }
    return unwanted;
}

/* Flickr's machine tags are places among the keywords. */
static gboolean is_place_tag(xmlNode *element)
{
    if (!pst_xmp_is(element, PST_XMP_RDF, "li") || !element->children || element->children->type != XML_TEXT_NODE)
        return FALSE;
    const char *text = (const char *)element->children->content;
    return text && (g_str_has_prefix(text, "geo:lat") || g_str_has_prefix(text, "geo:lon"));
}

/* The address of the photograph's author is none of its own. */
static gboolean is_contact(xmlNode *element)
{
    return pst_xmp_is(element, PST_XMP_IPTC, "CreatorContactInfo");
}

static void clean(Cleaning *cleaning, xmlNode *element)
{
    xmlAttr *next_attribute;
    for (xmlAttr *attribute = element->properties; attribute; attribute = next_attribute) {
        next_attribute = attribute->next;
        if (is_unwanted(cleaning, (xmlNode *)attribute))
            xmlRemoveProp(attribute);
    }
    xmlNode *next;
    for (xmlNode *child = element->children; child; child = next) {
        next = child->next;
        if (child->type != XML_ELEMENT_NODE || is_contact(child))
            continue;
        if (is_unwanted(cleaning, child) || (is_place_tag(child) && !cleaning->changes->place))
            pst_xmp_remove(child);
        else
            clean(cleaning, child);
    }
}

/* ---- what is added ---------------------------------------------------------------------------- */

static void add(xmlNode *description, const char *space, const char *prefix, const char *name, const char *text)
{
    xmlNs *own = pst_xmp_declare(description, space, prefix);
    if (own)
        xmlNewTextChild(description, own, (const xmlChar *)name, (const xmlChar *)text);
}

/* The property of all descriptions, as an element or an attribute. */
static void forget(xmlNode *rdf, const char *space, const char *name)
{
    for (xmlNode *description = rdf->children; description; description = description->next) {
        xmlNode *found;
        while ((found = pst_xmp_find(description, space, name)))
            pst_xmp_remove(found);
    }
}

static void add_styles(xmlNode *description, const PstProvenance *provenance)
{
    xmlNs *own = pst_xmp_declare(description, PST_XMP_OWN, OUR_PREFIX);
    xmlNs *rdf = pst_xmp_declare(description, PST_XMP_RDF, "rdf");
    if (!own || !rdf || provenance->count == 0)
        return;
    xmlNode *list = xmlNewChild(xmlNewChild(description, own, (const xmlChar *)"Styles", NULL), rdf,
                                (const xmlChar *)"Seq", NULL);
    for (int i = 0; list && i < provenance->count; i++) {
        const PstProvenanceStyle *style = &provenance->styles[i];
        xmlNode *entry = xmlNewChild(list, rdf, (const xmlChar *)"li", NULL);
        xmlNewNsProp(entry, rdf, (const xmlChar *)"parseType", (const xmlChar *)"Resource");
        add(entry, PST_XMP_OWN, OUR_PREFIX, "Name", style->name);
        if (style->licence)
            add(entry, PST_XMP_OWN, OUR_PREFIX, "Licence", style->licence);
    }
}

static char *text_of(xmlNode *rdf, const char *space, const char *name)
{
    xmlNode *found = NULL;
    for (xmlNode *description = rdf ? rdf->children : NULL; description && !found; description = description->next)
        found = pst_xmp_find(description, space, name);
    xmlChar *text = found ? xmlNodeGetContent(found) : NULL;
    char *copy = g_strdup((const char *)text);
    xmlFree(text);
    return copy;
}

/* Whether it is said already that a trained model had a part in the picture: rules don't change that. */
static gboolean is_of_model(xmlNode *rdf)
{
    g_autofree char *text = text_of(rdf, PST_XMP_IPTC_EXT, "DigitalSourceType");
    return text && strstr(text, "rainedAlgorithmicMedia");
}

static void add_provenance(xmlNode *rdf, const PstProvenance *provenance)
{
    gboolean enhanced = provenance->enhanced && !is_of_model(rdf);
    forget(rdf, PST_XMP_IPTC_EXT, "DigitalSourceType");
    forget(rdf, PST_XMP_BASIC, "CreatorTool");
    xmlNode *description = pst_xmp_description(rdf);
    if (!description)
        return;
    add(description, PST_XMP_IPTC_EXT, "Iptc4xmpExt", "DigitalSourceType", enhanced ? ENHANCED : PST_SOURCE_TRAINED);
    add(description, PST_XMP_BASIC, "xmp", "CreatorTool", provenance->program);
    add_styles(description, provenance);
}

/* ---- the packet ------------------------------------------------------------------------------- */

static GBytes *write_within(xmlDoc *document, gsize most, guint *lost)
{
    g_autoptr(GBytes) packet = pst_xmp_tree_write(document);
    gsize size = packet ? g_bytes_get_size(packet) : 0;
    if (size <= most)
        return g_steal_pointer(&packet);
    *lost |= PST_LOST_XMP;
    pst_xmp_tree_shrink(document, size - most);
    g_bytes_unref(packet);
    packet = pst_xmp_tree_write(document);
    return packet && g_bytes_get_size(packet) <= most ? g_steal_pointer(&packet) : NULL;
}

GBytes *pst_xmp_rewrite(GBytes *xmp, const PstXmpChanges *changes, guint *lost)
{
    Cleaning cleaning = { .changes = changes };
    xmlDoc *document = xmp ? pst_xmp_tree_read(xmp) : NULL;
    if (xmp && !document)
        *lost |= PST_LOST_XMP;
    if (!document && changes->provenance)
        document = pst_xmp_tree_new();
    xmlNode *rdf = document ? pst_xmp_rdf(document) : NULL;
    GBytes *packet = NULL;
    if (rdf) {
        cleaning.emptied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        clean(&cleaning, rdf);
        pst_xmp_turn_regions(rdf, changes);
        pst_xmp_tree_forget_spaces(document, cleaning.emptied);
        g_hash_table_unref(cleaning.emptied);
        if (changes->provenance)
            add_provenance(rdf, changes->provenance);
        *lost |= cleaning.lost;
        if (pst_xmp_tree_says_something(rdf))
            packet = write_within(document, changes->most, lost);
    }
    xmlFreeDoc(document);
    return packet;
}

char *pst_xmp_text(GBytes *xmp, const char *space, const char *name)
{
    xmlDoc *document = pst_xmp_tree_read(xmp);
    char *text = document ? text_of(pst_xmp_rdf(document), space, name) : NULL;
    xmlFreeDoc(document);
    return text;
}

int pst_xmp_orientation(GBytes *xmp)
{
    g_autofree char *text = pst_xmp_text(xmp, PST_XMP_TIFF, "Orientation");
    int orientation = text ? atoi(text) : 0;
    return orientation >= 1 && orientation <= 8 ? orientation : 0;
}

gboolean pst_xmp_is_ours(GBytes *xmp)
{
    gsize size;
    const char *data = g_bytes_get_data(xmp, &size);
    return g_strstr_len(data, (gssize)size, "\"" PST_XMP_OWN "\"") != NULL;
}
