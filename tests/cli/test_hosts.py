"""What is installed for other programs: file managers, GEGL, darktable. Those that are in Debian and installed run it.

From the environment besides: LIBRARIES as Meson has it, and GEGL_PLUGINS, the folder of GEGL's own, where it was built.
"""
import json
import os
import shlex
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

from installation import Installation, needs, with_window


class Hosts(Installation):
    def folder(self, name):
        """A new folder with a photograph, whose name is a trial for whoever quotes it."""
        folder = os.path.join(self.home, name)
        os.mkdir(folder)
        shutil.copy(self.shared("pastiche", "samples", "lake.jpg"), os.path.join(folder, "it's a lake.jpg"))
        return folder

    @with_window
    def test_action_of_nautilus(self):
        """The extension, with stand-ins for Nautilus: it offers pictures and folders, and starts the program with them."""
        script = f"""
import sys, types, os
class Item:
    def __init__(self, **words): self.words = words
    def connect(self, signal, act, *data): self.act = lambda: act(self, *data)
class File:
    def __init__(self, path, kind): self.path, self.kind = path, kind
    def get_uri_scheme(self): return "file"
    def is_directory(self): return self.kind is None
    def get_mime_type(self): return self.kind or "inode/directory"
    def get_location(self): return self
    def get_path(self): return self.path
base = types.SimpleNamespace(GObject=type("GObject", (), {{}}))
gi, repository = types.ModuleType("gi"), types.ModuleType("gi.repository")
repository.GObject = base
repository.Nautilus = types.SimpleNamespace(MenuProvider=type("MenuProvider", (), {{}}), MenuItem=Item)
sys.modules.update({{"gi": gi, "gi.repository": repository}})
sys.path.insert(0, {os.path.join(self.share, "nautilus-python", "extensions")!r})
import nautilus_pastiche as extension
menu = extension.PasticheMenu()
assert menu.get_file_items([]) == [] and menu.get_file_items([File("/a", "text/plain")]) == []
item, = menu.get_file_items(None, [File("/a b.heic", "image/heif"), File("/c", None)])
extension.subprocess.Popen = lambda words: print(words)
item.act()
"""
        self.assertEqual(self.run_in("/usr/bin/python3", "-c", script).strip(), "['pastiche', '/a b.heic', '/c']")

    @with_window
    def test_thumbnailer(self):
        """What file managers run for a style gives its sample painting at the size that they ask for."""
        with open(self.shared("thumbnailers", "pastiche.thumbnailer"), encoding="utf-8") as file:
            lines = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
        self.assertIn("application/x-pastiche-style", lines["MimeType"].split(";"))
        places = {"%i": self.shared("pastiche", "styles", "kiss.style"), "%o": "sample.png", "%s": "64"}
        self.run_in(*(places.get(word, word) for word in lines["Exec"].split()))
        info = json.loads(self.run_in(self.program, "info", "--json", "sample.png"))
        self.assertEqual((info["format"], max(info["width"], info["height"])), ("PNG", 64))
        done = subprocess.run([lines["TryExec"], self.program, "none.png", "64"], env=self.environment, cwd=self.home,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))

    @with_window
    def test_actions_of_thunar(self):
        """Commands with file names in them as Thunar puts them there: quoted for a shell."""
        folder = self.folder("thunar")
        photo = os.path.join(folder, "it's a lake.jpg")
        actions = ElementTree.parse(self.shared("doc", "pastiche", "examples", "thunar-uca.xml")).getroot().findall("action")
        self.assertEqual(len({action.find("unique-id").text for action in actions}), len(actions))
        commands = [action.find("command").text for action in actions]
        self.assertEqual(commands[0], "pastiche %F")
        for command in commands[1:]:
            command = command.replace("%F", shlex.quote(photo)).replace("%d", shlex.quote(folder))
            self.run_in(*shlex.split(command))
        self.assertEqual(sorted(os.listdir(folder)), ["it's a lake-great-wave.jpg", "it's a lake.jpg"])

    @with_window
    @needs("desktop-file-validate")
    def test_sending_of_thunar(self):
        path = self.shared("Thunar", "sendto", "org.pastiche.Pastiche.sendto.desktop")
        self.run_in("desktop-file-validate", path)
        with open(path, encoding="utf-8") as file:
            self.assertIn("Name[de]=Mit Pastiche malen", file.read())

    @needs("gegl")
    @unittest.skipUnless(os.environ.get("GEGL_PLUGINS"), "built without GEGL")
    def test_operation_of_gegl(self):
        """GEGL's own program with the installed plug-in, which finds library and data beside it."""
        libraries = os.path.join(self.prefix, os.environ["LIBRARIES"])
        folder = self.folder("gegl")
        os.rename(os.path.join(folder, "it's a lake.jpg"), os.path.join(folder, "lake.jpg"))  # gegl quotes nothing
        self.run_in("gegl", os.path.join(folder, "lake.jpg"), "-o", os.path.join(folder, "painting.png"), "--",
                    "gegl:scale-size", "x=96", "y=64", "pastiche:stylize", "style=kiss",
                    environment={"GEGL_PATH": f"{libraries}/gegl-0.4:{os.environ['GEGL_PLUGINS']}",
                                 "LD_LIBRARY_PATH": libraries, "GEGL_USE_OPENCL": "no"})
        info = json.loads(self.run_in(self.program, "info", "--json", os.path.join(folder, "painting.png")))
        self.assertEqual((info["width"], info["height"]), (96, 64))

    @with_window
    @needs("darktable-cli")
    def test_storage_of_darktable(self):
        """darktable develops a photograph and hands it to the storage, which paints it and adds it to the library.

        darktable-cli exports to files alone, so the storage is called from the event that darktable raises for each; and
        scripts run beside the export, so there is more than one.
        """
        folder, out = self.folder("darktable"), os.path.join(self.home, "exported")
        os.mkdir(out)
        for name in "a.jpg", "b.jpg", "c.jpg":
            shutil.copy(os.path.join(folder, "it's a lake.jpg"), os.path.join(folder, name))
        script = os.path.join(self.home, "export.lua")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"""
local darktable = require "darktable"
package.path = "{self.share}/darktable/lua/?.lua;" .. package.path
local storage = require "pastiche"
assert(not storage.supported(nil, {{ extension = "pdf" }}))
darktable.preferences.write("pastiche", "style", "string", "kiss")
darktable.register_event("test", "intermediate-export-image", function(event, image, path, format)
  local asked = {{}}
  storage.initialize(nil, format, {{ image }}, false, asked)
  darktable.preferences.write("pastiche", "style", "string", "of a later export")
  storage.store(nil, image, format, path, 1, 1, false, asked)
  darktable.preferences.write("pastiche", "style", "string", "kiss")
  for _, member in ipairs(image:get_group_members()) do
    print("PAINTED", storage.supported(nil, format), member.filename, image.filename)
  end
end)
""")
        said = self.run_in("darktable-cli", folder, out, "--width", "120", "--out-ext", "png", "--core", "--configdir",
                           os.path.join(self.home, "config"), "--cachedir", os.path.join(self.home, "cache"), "--library",
                           ":memory:", "--disable-opencl", "--luacmd", f'dofile("{script}")')
        self.assertIn("PAINTED\ttrue\tit's a lake-kiss.png\tit's a lake.jpg", said)
        info = json.loads(self.run_in(self.program, "info", "--json", os.path.join(folder, "it's a lake-kiss.png")))
        self.assertEqual(max(info["width"], info["height"]), 120)
        self.assertNotIn("it's a lake.png", os.listdir(out))
