#include "xmp_tree.h"

#include "xmp_names.h"

#include <libxml/parser.h>
#include <string.h>

#define HEAD "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" /* ISO 16684-1, 7.3.2 */
#define TAIL "\n<?xpacket end=\"w\"?>"
#define META "adobe:ns:meta/"

static gpointer begin(gpointer unused)
{
    xmlInitParser();
    return NULL;
}

xmlDoc *pst_xmp_tree_read(GBytes *packet)
{
    static GOnce once = G_ONCE_INIT;
    gsize size;
    const char *data = g_bytes_get_data(packet, &size);
    if (size == 0 || size > G_MAXINT || g_strstr_len(data, (gssize)size, "<!DOCTYPE"))
        return NULL;
    g_once(&once, begin, NULL);
    return xmlReadMemory(data, (int)size, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

xmlDoc *pst_xmp_tree_new(void)
{
    static const char nothing[] = "<x:xmpmeta xmlns:x=\"" META "\"><rdf:RDF xmlns:rdf=\"" PST_XMP_RDF
                                  "\"><rdf:Description rdf:about=\"\"/></rdf:RDF></x:xmpmeta>";
    g_autoptr(GBytes) packet = g_bytes_new_static(nothing, sizeof nothing - 1);
    return pst_xmp_tree_read(packet);
}

GBytes *pst_xmp_tree_write(xmlDoc *document)
{
    xmlBuffer *buffer = xmlBufferCreate();
    GBytes *packet = NULL;
    if (buffer && xmlNodeDump(buffer, document, xmlDocGetRootElement(document), 0, 0) >= 0) {
        GByteArray *bytes = g_byte_array_new();
        g_byte_array_append(bytes, (const guint8 *)HEAD, strlen(HEAD));
        g_byte_array_append(bytes, xmlBufferContent(buffer), (guint)xmlBufferLength(buffer));
        g_byte_array_append(bytes, (const guint8 *)TAIL, strlen(TAIL));
        packet = g_byte_array_free_to_bytes(bytes);
    }
    xmlBufferFree(buffer);
    return packet;
}

/* rdf:RDF is the root, or within it. */
xmlNode *pst_xmp_rdf(xmlDoc *document)
{
    xmlNode *root = xmlDocGetRootElement(document);
    if (!root || pst_xmp_is(root, PST_XMP_RDF, "RDF"))
        return root;
    for (xmlNode *child = root->children; child; child = child->next)
        if (pst_xmp_is(child, PST_XMP_RDF, "RDF"))
            return child;
    return NULL;
}

xmlNode *pst_xmp_description(xmlNode *rdf)
{
    for (xmlNode *child = rdf->children; child; child = child->next)
        if (pst_xmp_is(child, PST_XMP_RDF, "Description"))
            return child;
    xmlNode *description = xmlNewChild(rdf, rdf->ns, (const xmlChar *)"Description", NULL);
    if (description)
        xmlNewNsProp(description, rdf->ns, (const xmlChar *)"about", (const xmlChar *)"");
    return description;
}

const char *pst_xmp_space(const xmlNode *property)
{
    return property->ns && property->ns->href ? (const char *)property->ns->href : "";
}

const char *pst_xmp_name(const xmlNode *property)
{
    const char *colon = strrchr((const char *)property->name, ':'); /* of a prefix that nothing declares */
    return colon ? colon + 1 : (const char *)property->name;
}

gboolean pst_xmp_is(const xmlNode *node, const char *space, const char *name)
{
    return (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE) &&
           strcmp(pst_xmp_space(node), space) == 0 && strcmp(pst_xmp_name(node), name) == 0;
}

xmlNode *pst_xmp_find(xmlNode *structure, const char *space, const char *name)
{
    if (structure->type != XML_ELEMENT_NODE)
        return NULL;
    for (xmlAttr *attribute = structure->properties; attribute; attribute = attribute->next)
        if (pst_xmp_is((xmlNode *)attribute, space, name))
            return (xmlNode *)attribute;
    for (xmlNode *child = structure->children; child; child = child->next) {
        if (pst_xmp_is(child, space, name))
            return child;
        xmlNode *inner = pst_xmp_is(child, PST_XMP_RDF, "Description") ? pst_xmp_find(child, space, name) : NULL;
        if (inner)
            return inner;
    }
    return NULL;
}

void pst_xmp_remove(xmlNode *property)
{
    if (property->type == XML_ATTRIBUTE_NODE) {
        xmlRemoveProp((xmlAttr *)property);
        return;
    }
    xmlUnlinkNode(property);
    xmlFreeNode(property);
}

xmlNs *pst_xmp_declare(xmlNode *element, const char *space, const char *prefix)
{
    xmlNs *own = xmlSearchNsByHref(element->doc, element, (const xmlChar *)space);
    g_autofree char *other = NULL;
    if (own && own->prefix) /* a default name space is none for attributes */
        return own;
    if (xmlSearchNs(element->doc, element, (const xmlChar *)prefix))
        prefix = other = g_strconcat(prefix, "-", NULL);
    return xmlNewNs(element, (const xmlChar *)space, (const xmlChar *)prefix);
}

/* ---- name spaces that are not needed any more ------------------------------------------------- */

static gboolean uses(const xmlNode *element, const xmlNs *space)
{
    if (element->type != XML_ELEMENT_NODE)
        return FALSE;
    if (element->ns == space)
        return TRUE;
    for (const xmlAttr *attribute = element->properties; attribute; attribute = attribute->next)
        if (attribute->ns == space)
            return TRUE;
    for (const xmlNode *child = element->children; child; child = child->next)
        if (uses(child, space))
            return TRUE;
    return FALSE;
}

static void forget_spaces(xmlNode *element, GHashTable *spaces)
{
    for (xmlNs **at = &element->nsDef; *at;) {
        xmlNs *space = *at;
        const char *name = space->href ? (const char *)space->href : "";
        if ((g_hash_table_contains(spaces, name) || pst_xmp_is_outdated_space(name)) && !uses(element, space)) {
            *at = space->next;
            space->next = NULL;
            xmlFreeNs(space);
        } else {
            at = &space->next;
        }
    }
    for (xmlNode *child = element->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            forget_spaces(child, spaces);
}

void pst_xmp_tree_forget_spaces(xmlDoc *document, GHashTable *spaces)
{
    forget_spaces(xmlDocGetRootElement(document), spaces);
}

/* ---- size ------------------------------------------------------------------------------------- */

gboolean pst_xmp_tree_says_something(xmlNode *rdf)
{
    for (xmlNode *description = rdf->children; description; description = description->next) {
        if (description->type != XML_ELEMENT_NODE)
            continue;
        for (xmlAttr *attribute = description->properties; attribute; attribute = attribute->next)
            if (!pst_xmp_is((xmlNode *)attribute, PST_XMP_RDF, "about"))
                return TRUE;
        if (xmlFirstElementChild(description))
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    xmlNode *property;
    gsize size;
} Sized;

static int compare_sizes(gconstpointer a, gconstpointer b)
{
    gsize first = ((const Sized *)a)->size, second = ((const Sized *)b)->size;
    return first < second ? 1 : first > second ? -1 : 0;
}

static void measure(xmlNode *property, GArray *all)
{
    Sized sized = { .property = property };
    if (property->type == XML_ATTRIBUTE_NODE) {
        xmlChar *text = xmlNodeGetContent(property);
        sized.size = text ? strlen((const char *)text) : 0;
        xmlFree(text);
    } else if (property->type == XML_ELEMENT_NODE) {
        xmlBuffer *buffer = xmlBufferCreate();
        if (buffer && xmlNodeDump(buffer, property->doc, property, 0, 0) >= 0)
            sized.size = (gsize)xmlBufferLength(buffer);
        xmlBufferFree(buffer);
    }
    if (sized.size > 0)
        g_array_append_val(all, sized);
}

void pst_xmp_tree_shrink(xmlDoc *document, gsize bytes)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Sized));
    xmlNode *rdf = pst_xmp_rdf(document);
    gsize gone = 0;
    for (xmlNode *description = rdf->children; description; description = description->next) {
        if (description->type != XML_ELEMENT_NODE)
            continue;
        for (xmlAttr *attribute = description->properties; attribute; attribute = attribute->next)
            measure((xmlNode *)attribute, all);
        for (xmlNode *child = description->children; child; child = child->next)
            measure(child, all);
    }
    g_array_sort(all, compare_sizes);
    for (guint i = 0; i < all->len && gone < bytes; i++) {
        const Sized *largest = &g_array_index(all, Sized, i);
        gone += largest->size;
        pst_xmp_remove(largest->property);
    }
}
