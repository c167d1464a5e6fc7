/* An XMP packet as a tree of libxml2. Private.
 *
 * A property is an element or an attribute, both as an xmlNode; of an attribute only its content may be changed. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* NULL where the packet is no well-formed XML, or has a document type: XMP has none, and entities are a trap. */
xmlDoc *pst_xmp_tree_read(GBytes *packet);

/* A packet that says nothing yet. */
xmlDoc *pst_xmp_tree_new(void);

/* As a packet with its wrapper. NULL when there is no memory. */
GBytes *pst_xmp_tree_write(xmlDoc *document);

/* The element rdf:RDF, or NULL. */
xmlNode *pst_xmp_rdf(xmlDoc *document);

/* The first rdf:Description, a new one where there is none. */
xmlNode *pst_xmp_description(xmlNode *rdf);

/* Name space ("" for none) and name of a property. */
const char *pst_xmp_space(const xmlNode *property);
const char *pst_xmp_name(const xmlNode *property);
gboolean pst_xmp_is(const xmlNode *node, const char *space, const char *name);

/* A property of a structure, which may be written as an attribute, an element, or within an rdf:Description; or
 * NULL. */
xmlNode *pst_xmp_find(xmlNode *structure, const char *space, const char *name);

void pst_xmp_remove(xmlNode *property);

/* The declaration of a name space as `element` sees it, a new one where there is none. */
xmlNs *pst_xmp_declare(xmlNode *element, const char *space, const char *prefix);

/* Takes out declarations of these name spaces (a set of URIs), and of outdated ones, that nothing uses any more. */
void pst_xmp_tree_forget_spaces(xmlDoc *document, GHashTable *spaces);

/* Whether any description has a property. */
gboolean pst_xmp_tree_says_something(xmlNode *rdf);

/* Takes out the largest properties until at least so many bytes are gone. */
void pst_xmp_tree_shrink(xmlDoc *document, gsize bytes);
