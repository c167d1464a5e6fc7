"""The list of keys says what the application does: every accelerator is in it, and nothing else."""
import os
import re
import unittest
import xml.etree.ElementTree as tree

ROOT = os.environ["SOURCE_ROOT"]


def source(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


class Shortcuts(unittest.TestCase):
    def setUp(self):
        table = source("app", "application.c").partition("accelerators[] = {")[2].partition("\n};")[0]
        self.keys = {action: set(re.findall(r'"([^"]+)"', keys))
                     for action, keys in re.findall(r'\{ "([^"]+)", \{ ([^}]*) \} \}', table)}
        bindings = re.findall(r"add_binding_action\(widget_class, GDK_KEY_(\w+), ([^,]+), \"win",
                              source("ui", "window_actions.c"))
        self.bound = {("<Control>" if "CONTROL" in modifiers else "") + ("<Shift>" if "SHIFT" in modifiers else "") + key
                      for key, modifiers in bindings}
        self.entries = [{item.get("name"): item.text for item in shortcut.findall("property")}
                        for shortcut in tree.parse(os.path.join(ROOT, "resources", "gtk", "help-overlay.ui")).iter("object")
                        if shortcut.get("class") == "GtkShortcutsShortcut"]
        self.actions = {entry["action-name"] for entry in self.entries if "action-name" in entry}
        self.shown = {key for entry in self.entries for key in entry.get("accelerator", "").split()}

    def test_tables_were_found(self):
        self.assertGreater(len(self.keys), 10)
        self.assertGreater(len(self.bound), 4)

    def test_every_entry_has_a_key(self):
        self.assertEqual(self.actions - set(self.keys) - {"win.show-help-overlay"}, set())
        pointer = {"Left", "Right", "Up", "Down", "<Shift>Left", "<Shift>Right", "backslash"}
        known = self.bound | pointer | {key for keys in self.keys.values() for key in keys}
        self.assertEqual(self.shown - known, set())

    def test_every_key_has_an_entry(self):
        for action, keys in self.keys.items():
            self.assertTrue(action in self.actions or keys & self.shown, action)
        self.assertEqual(self.bound - self.shown, set())
