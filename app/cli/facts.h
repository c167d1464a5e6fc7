/* What `info` found out about a file, for people and for programs. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct PstFacts PstFacts;

/** Facts about the file at `path`. */
PstFacts *pst_facts_new(const char *path);
void pst_facts_free(PstFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstFacts, pst_facts_free)

/** A line for people: a label and what it says. */
void pst_facts_say(PstFacts *facts, const char *label, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** A member of the JSON object; `value` is taken over. */
void pst_facts_set(PstFacts *facts, const char *key, json_t *value);

/** A text for both, its key translated for people; left out for people if it is NULL. */
void pst_facts_text(PstFacts *facts, const char *key, const char *text);

/** Prints them to standard output. */
void pst_facts_print(const PstFacts *facts);
void pst_facts_print_json(const PstFacts *facts);
