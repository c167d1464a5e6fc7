"""The Flatpak manifest, as far as can be told without building it: its syntax, and that it speaks of what there is."""
import json
import os
import re
import shutil
import subprocess
import unittest

try:
    import yaml
except ImportError:
    yaml = None

ROOT = os.environ["SOURCE_ROOT"]
PATH = os.path.join(ROOT, "resources", "flatpak", "org.pastiche.Pastiche.yml")


@unittest.skipIf(yaml is None, "python3-yaml is not installed")
class Flatpak(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(PATH, encoding="utf-8") as file:
            cls.manifest = yaml.safe_load(file)

    def test_names(self):
        manifest = self.manifest
        self.assertEqual(f"{manifest['id']}.yml", os.path.basename(PATH))
        self.assertTrue(os.path.exists(os.path.join(ROOT, "resources", "desktop", f"{manifest['id']}.desktop.in")))
        with open(os.path.join(ROOT, "app", "cli", "meson.build"), encoding="utf-8") as file:
            self.assertIn(f"executable('{manifest['command']}'", file.read())
        # The program needs what a version has; a number that YAML takes for a float would lose its zeros.
        self.assertIsInstance(manifest["runtime-version"], str)
        self.assertTrue(manifest["runtime"].endswith(".Platform") and manifest["sdk"].endswith(".Sdk"))

    @unittest.skipUnless(shutil.which("flatpak-builder"), "flatpak-builder is not installed")
    def test_builder_reads_it(self):
        """flatpak-builder's own reader, which tells of what it doesn't know."""
        done = subprocess.run(["flatpak-builder", "--show-manifest", PATH], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        read = json.loads(done.stdout)
        for key in "id", "runtime", "runtime-version", "sdk", "command", "finish-args":
            self.assertEqual(read[key], self.manifest[key], key)
        self.assertEqual([module["name"] for module in read["modules"]],
                         [module["name"] for module in self.manifest["modules"]])

    def test_permissions(self):
        for argument in self.manifest["finish-args"]:
            self.assertRegex(argument, r"^--(socket|share|device|filesystem)=[a-z0-9-]+$")
        # All happens on one's own computer.
        self.assertNotIn("--share=network", self.manifest["finish-args"])

    def test_modules(self):
        names = [module["name"] for module in self.manifest["modules"]]
        self.assertEqual(names[-1], "pastiche")
        self.assertEqual(len(names), len(set(names)))
        for module in self.manifest["modules"]:
            with self.subTest(module=module["name"]):
                self.assertIn(module["buildsystem"], {"simple", "meson", "cmake-ninja", "autotools"})
                self.assertEqual("build-commands" in module, module["buildsystem"] == "simple")
                self.assertTrue(module["sources"])
                for source in module["sources"]:
                    if source["type"] == "dir":
                        folder = os.path.join(os.path.dirname(PATH), source["path"])
                        self.assertTrue(os.path.exists(os.path.join(folder, "meson.build")))
                    else:
                        self.assertEqual(source["type"], "git")
                        self.assertRegex(source["url"], r"^https://.*\.git$")
                        self.assertRegex(source["tag"], r"^v?\d")

    def test_brings_what_is_needed(self):
        """What the program links to is in the runtime, or a module."""
        with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
            wanted = re.findall(r"dependency\('([^']+)'[^\n]*", file.read())
            file.seek(0)
            features = dict(re.findall(r"dependency\('([^']+)'[^\n]*get_option\('(\w+)'\)", file.read()))
        disabled = set(re.findall(r"-D(\w+)=disabled", " ".join(self.manifest["modules"][-1]["config-opts"])))
        needed = {name for name in wanted if features.get(name) not in disabled}
        runtime = {"glib-2.0", "gobject-2.0", "gio-2.0", "gtk4", "libadwaita-1", "libjpeg", "libpng", "lcms2", "libxml-2.0",
                   "sndfile", "libtiff-4", "libwebp", "libwebpdemux", "libwebpmux", "libjxl", "libseccomp"}
        modules = {module["name"] for module in self.manifest["modules"]}
        self.assertEqual(needed - runtime - modules, set())
