"""Nautilus (GNOME's Files, by nautilus-python): "Paint with Pastiche" for pictures and folders, which opens the window."""
import gettext
import shutil
import subprocess

from gi.repository import GObject, Nautilus

PROGRAM = "pastiche"
_ = gettext.translation("pastiche", fallback=True).gettext


def is_painted(file):
    return file.get_uri_scheme() == "file" and (file.is_directory() or file.get_mime_type().startswith("image/"))


class PasticheMenu(GObject.GObject, Nautilus.MenuProvider):
    def get_file_items(self, *arguments):
        files = arguments[-1]  # before them Nautilus 3 gives its window
        if not files or not all(map(is_painted, files)) or not shutil.which(PROGRAM):
            return []
        item = Nautilus.MenuItem(name="Pastiche::paint", label=_("Paint with Pastiche"), icon="org.pastiche.Pastiche")
        item.connect("activate", self.on_activate, [file.get_location().get_path() for file in files])
        return [item]

    @staticmethod
    def on_activate(_item, paths):
        subprocess.Popen([PROGRAM, *paths])  # the window; it outlives Nautilus
