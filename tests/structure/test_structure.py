"""The order of the house: no name stands for two things, and what folders include goes one way. Of each rule a made-up tree
shows that it can be broken. What the rules read in the sources is in names.py and graph.py, the plan in plan.py."""
import os
import tempfile
import types
import unittest

import graph
import names

ROOT = os.environ["SOURCE_ROOT"]

RULES = types.SimpleNamespace(
    PLAN={"engine/base": [], "engine/paint": ["engine/base"], "ui": ["engine/paint"]},
    SOURCES={},
    FEW={},
    PARTS=["engine", "ui", "tests"],
    OPEN_TO_TESTS=["engine"],
)


def rules(**changes):
    return types.SimpleNamespace(**{**vars(RULES), **changes})


class MadeUp(unittest.TestCase):
    def tree(self, **files):
        """A tree of sources; a name says its place, as engine__base__memory_h does."""
        folder = tempfile.TemporaryDirectory(prefix="pastiche-structure-")
        self.addCleanup(folder.cleanup)
        for name, text in files.items():
            path = os.path.join(folder.name, *name.rsplit("_", 1)[0].split("__")) + "." + name.rsplit("_", 1)[1]
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return folder.name


class Names(MadeUp):
    def test_tree(self):
        self.assertEqual(list(names.doubles(ROOT)), [])

    def test_reads_declarations(self):
        header = """/* int pst_in_a_comment(void); */
            #define PST_MACRO(x) pst_in_a_macro(x)
            G_BEGIN_DECLS
            typedef struct PstOpaque PstOpaque;
            typedef struct { int a; struct { int b; } c; } PstPlain;
            typedef enum { PST_ONE, PST_TWO } PstChoice;
            typedef gboolean (*PstAnswer)(int a, void (*b)(int));
            struct PstTag { int a; };
            GQuark pst_error_quark(void);
            const char *const *pst_many(int a,
                                        PstAnswer answer) G_GNUC_CONST;
            static inline int pst_short(int a) { return pst_called(a); }
            G_DECLARE_FINAL_TYPE(PstThing, pst_thing, PST, THING, GObject)
            G_DEFINE_AUTOPTR_CLEANUP_FUNC(PstOpaque, pst_opaque_free)
            int pst_after(void);
            G_END_DECLS"""
        text = names.read(self.tree(engine__a_h=header), "engine/a.h")
        found = {name for statement in names.statements(text) for _, name in names.declared(statement)}
        self.assertEqual(found, {"PstOpaque", "PstPlain", "PstChoice", "PstAnswer", "PstTag", "pst_error_quark", "pst_many",
                                 "pst_short", "PstThing", "pst_after"})

    def test_finds_many(self):
        """The reader of declarations is not blind to what is there."""
        found = {name for path in names.sources(ROOT, (".h",)) for statement in names.statements(names.read(ROOT, path))
                 for _, name in names.declared(statement)}
        self.assertGreater(len([name for name in found if name.startswith("pst_")]), 500)
        self.assertGreater(len([name for name in found if name.startswith("Pst")]), 100)

    def test_function_in_two_headers(self):
        root = self.tree(engine__a_h="int pst_do(int a);\n", ui__b_h="void pst_do(void);\n", ui__b_c="void pst_do(void) { }\n")
        self.assertEqual(list(names.doubles(root)), ["function pst_do: engine/a.h, ui/b.h"])

    def test_type_in_two_headers(self):
        root = self.tree(engine__a_h="typedef struct { int a; } PstStrip;\n", ui__b_h="typedef struct PstStrip PstStrip;\n")
        self.assertEqual(list(names.doubles(root)), ["type PstStrip: engine/a.h, ui/b.h"])

    def test_type_in_a_source(self):
        root = self.tree(engine__a_h="typedef enum { PST_A } PstStrip;\n", ui__b_c="typedef struct {\n    int a;\n} PstStrip;\n")
        self.assertEqual(list(names.doubles(root)), ["type PstStrip: engine/a.h, ui/b.c"])

    def test_header_of_the_same_name(self):
        root = self.tree(engine__paint__strip_h="int a(void);\n", ui__strip_h="int b(void);\n")
        self.assertEqual(list(names.doubles(root)), ["header strip.h: engine/paint/strip.h, ui/strip.h"])


class Includes(MadeUp):
    def faults(self, root, **changes):
        return list(graph.faults(graph.arrows(root), rules(**changes)))

    def test_tree(self):
        found = graph.arrows(ROOT)
        edges = graph.graph(found)
        if os.environ.get("DRAWING"):
            with open(os.environ["DRAWING"], "w", encoding="utf-8") as file:
                file.write(graph.dot(edges))
        for line in graph.text(edges).splitlines():
            print("#", line)
        self.assertGreater(len(edges), 30)
        self.assertEqual(list(graph.faults(found)), [])

    def test_plan_has_no_circle(self):
        self.assertEqual(graph.circle([(room, other) for room, others in graph.plan.PLAN.items() for other in others]), [])

    def test_good(self):
        root = self.tree(engine__base__memory_h="", engine__paint__paint_h='#include "engine/base/memory.h"\n#include <png.h>\n',
                         ui__window_c='#include "engine/paint/paint.h"\n#include "engine/base/memory.h"\n#include "config.h"\n',
                         tests__ui__window_c='#include "engine/base/memory.h"\n')
        self.assertEqual(self.faults(root), [])
        self.assertEqual(graph.graph(graph.arrows(root)), {("engine/paint", "engine/base"): 1, ("ui", "engine/base"): 1,
                                                           ("ui", "engine/paint"): 1})

    def test_upwards(self):
        root = self.tree(engine__base__memory_c='#include "../paint/paint.h"\n', engine__paint__paint_h="")
        self.assertEqual(self.faults(root), ["engine/base/memory.c includes engine/paint/paint.h: engine/base may not include "
                                             "engine/paint"])
        self.assertEqual(self.faults(root, SOURCES={"engine/base/memory.c": ["engine/paint"]}), [])

    def test_circle(self):
        root = self.tree(engine__base__a_h='#include "engine/paint/b.h"\n', engine__paint__b_h="",
                         engine__paint__c_h='#include "engine/base/a.h"\n')
        self.assertEqual(self.faults(root)[-1], "a circle: engine/base -> engine/paint -> engine/base")

    def test_unknown_folder(self):
        root = self.tree(engine__attic__a_h='#include "engine/base/b.h"\n', engine__base__b_h="")
        self.assertEqual(self.faults(root), ["engine/attic/a.h: engine/attic has no place in the plan"])

    def test_private(self):
        root = self.tree(ui__window_private_h="", engine__paint__plan_private_h="", engine__base__memory_h="",
                         tests__window_c='#include "ui/window_private.h"\n',
                         tests__plan_c='#include "engine/paint/plan_private.h"\n',
                         ui__window_c='#include "window_private.h"\n#include "engine/paint/plan_private.h"\n')
        self.assertEqual(self.faults(root), ["tests/window.c includes ui/window_private.h, which is private to ui",
                                             "ui/window.c includes engine/paint/plan_private.h, which is private to engine"])

    def test_few(self):
        root = self.tree(engine__base__memory_h="", engine__base__random_h="", engine__paint__paint_h="",
                         ui__window_c='#include "engine/base/memory.h"\n#include "engine/base/random.h"\n')
        few = {("ui", "engine/"): ["engine/base/memory.h", "engine/paint/paint.h"]}
        self.assertEqual(self.faults(root, FEW=few, SOURCES={"ui/gone.c": ["engine/base"]}),
                         ["ui/window.c includes engine/base/random.h, which is not among those that ui may include",
                          "plan.py lets ui/gone.c include more than it does",
                          "plan.py lets ui include engine/paint/paint.h, which it does not"])
