"""The program as it is installed: moved as a whole, it runs; the desktop finds what belongs to it."""
import json
import os
import re
import shutil
import subprocess
import unittest

from installation import Installation, needs, with_window

ID = "org.pastiche.Pastiche"


class Installed(Installation):
    def test_paints(self):
        sample = self.shared("pastiche", "samples", "lake.jpg")
        self.run_in(self.program, "stylize", sample, "--style", "great-wave", "--size", "64", "-o", "result.png")
        info = json.loads(self.run_in(self.program, "info", "--json", "result.png"))
        self.assertEqual(max(info["width"], info["height"]), 64)

    def test_data_is_the_installed(self):
        files = [json.loads(line)["file"] for line in self.run_in(self.program, "styles", "--json").splitlines()]
        self.assertGreater(len(files), 20)
        for file in files:
            self.assertTrue(os.path.realpath(file).startswith(os.path.realpath(self.share)), file)

    def test_language_is_the_installed(self):
        self.assertIn("Gemälde", self.run_in(self.program, "--help", environment={"LANGUAGE": "de"}))

    @with_window
    def test_launcher(self):
        with open(self.shared("applications", ID + ".desktop"), encoding="utf-8") as file:
            lines = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
        self.assertTrue(os.access(os.path.join(os.path.dirname(self.program), lines["Exec"].split()[0]), os.X_OK))
        self.assertEqual(lines["Comment[de]"], "Fotos in Gemälde verwandeln")
        self.shared("icons", "hicolor", "scalable", "apps", lines["Icon"] + ".svg")
        self.shared("icons", "hicolor", "symbolic", "apps", lines["Icon"] + "-symbolic.svg")

    @with_window
    def test_metainfo(self):
        with open(self.shared("metainfo", ID + ".metainfo.xml"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(f"<id>{ID}</id>", text)
        self.assertIn('xml:lang="de"', text)
        self.assertIn(f'<release version="{self.run_in(self.program, "--version").split()[1]}"', text)

    @with_window
    @needs("glib-compile-schemas", "gsettings")
    def test_settings(self):
        folder = os.path.dirname(self.shared("glib-2.0", "schemas", ID + ".gschema.xml"))
        self.run_in("glib-compile-schemas", "--strict", folder)
        self.assertEqual(self.run_in("gsettings", "get", ID, "export-metadata",
                                     environment={"GSETTINGS_BACKEND": "memory"}).strip(), "'without-location'")

    @with_window
    @needs("update-mime-database", "gio")
    def test_file_type(self):
        self.run_in("update-mime-database", os.path.join(self.share, "mime"))
        style = self.shared("pastiche", "styles", "great-wave.style")
        shutil.copy(style, os.path.join(self.home, "nameless"))
        for path in style, "nameless":
            self.assertIn("application/x-pastiche-style", self.run_in("gio", "info", "-a", "standard::content-type", path))

    @with_window
    @needs("rsvg-convert")
    def test_icon_is_drawn(self):
        for size in "16", "128":
            icon = self.shared("icons", "hicolor", "scalable", "apps", ID + ".svg")
            self.run_in("rsvg-convert", "-w", size, "-h", size, icon, "-o", "icon.png")
            info = json.loads(self.run_in(self.program, "info", "--json", "icon.png"))
            self.assertEqual((info["width"], info["height"], info["alpha"]), (int(size), int(size), True))

    @with_window
    @needs("Xvfb", "xdotool", "dbus-run-session", "glib-compile-schemas")
    def test_window_remembers(self):
        """Opened, resized and closed, the window comes back as it was."""
        self.run_in("glib-compile-schemas", os.path.join(self.share, "glib-2.0", "schemas"))
        script = """
            "$1" & program=$!
            window=$(timeout 30 xdotool search --sync --onlyvisible --class org.pastiche.Pastiche | head -1)
            sleep 1; xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)='
            xdotool windowsize --sync "$window" 1000 700; sleep 1
            xdotool windowfocus "$window" key --clearmodifiers ctrl+w
            timeout 20 tail --pid=$program -f /dev/null || kill $program
        """
        read_end, write_end = os.pipe()
        display = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-noreset", "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
                                   pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        try:
            with os.fdopen(read_end) as file:
                number = file.readline().strip()
            environment = {"DISPLAY": ":" + number, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo",
                           "GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": os.path.join(self.home, "config"),
                           "XDG_RUNTIME_DIR": self.home, "XDG_DATA_DIRS": self.share + ":/usr/share",
                           "NO_AT_BRIDGE": "1", "GTK_A11Y": "none"}
            first, second = (self.run_in("dbus-run-session", "--", "bash", "-c", script, "bash", self.program,
                                         environment=environment) for _ in range(2))
        finally:
            display.terminate()
            display.wait()
        self.assertNotEqual(first, second)
        with open(os.path.join(self.home, "config", "glib-2.0", "settings", "keyfile"), encoding="utf-8") as file:
            width, height = map(int, re.search(r"window-size=\((\d+), (\d+)\)", file.read()).groups())
        # The frame that the window draws itself is not part of its size as it is remembered.
        shown = dict(line.split("=") for line in second.split())
        self.assertLess(abs(int(shown["WIDTH"]) - 1000), 60)
        self.assertLess(abs(width - 1000), 60)
        self.assertLess(abs(height - 700), 60)

    @needs("bash")
    def test_completion(self):
        script = self.shared("bash-completion", "completions", "pastiche")

        def complete(*words):
            line = 'source "$1"; shift; COMP_WORDS=(pastiche "$@"); COMP_CWORD=$#; compopt() { :; }; _pastiche pastiche; ' \
                   'printf "%s\\n" "${COMPREPLY[@]}"'
            return self.run_in("bash", "-c", line, "bash", script, *words).split()
        self.assertEqual(complete("sty"), ["stylize", "styles", "style"])
        self.assertEqual(complete("stylize", "--style", "great"), ["great-wave"])
        self.assertEqual(complete("stylize", "--style", "=", "great"), ["great-wave"])
        self.assertEqual(complete("stylize", "--format", "png"), ["png", "png16"])
        self.assertEqual(complete("stylize", "--format", "t"), ["tiff", "tiff16"])
        self.assertEqual(complete("style", "make", "--on-conflict", "s"), ["skip"])
        helped = set(re.findall(r"--[a-z][a-z-]*", self.run_in(self.program, "stylize", "--help")))
        self.assertEqual(set(complete("stylize", "--")), helped)
        self.assertIn("--artist", complete("style", "make", "--a"))

    @needs("zsh")
    def test_completion_of_zsh(self):
        script = self.shared("zsh", "site-functions", "_pastiche")

        def complete(*words):
            """What is offered; zsh's own functions, which show it, only print it."""
            line = 'words=(pastiche "${@[2,-1]}"); CURRENT=$#words; PREFIX=$words[-1]; ' \
                   '_describe() { [[ $1 = -o ]] && shift; print -rl -- ${(P)2} }; _values() { print -rl -- "${@[2,-1]}" }; ' \
                   '_files() { print files }; source $1'
            return self.run_in("zsh", "-f", "-c", line, "zsh", script, *words).split("\n")[:-1]
        self.assertIn("stylize:paint photographs", complete(""))
        self.assertIn("great-wave:The Great Wave", complete("stylize", "--style", ""))
        self.assertIn("tiff16", complete("stylize", "--format", ""))
        self.assertEqual(complete("stylize", "--size", "8", ""), ["files"])
        helped = set(re.findall(r"--[a-z][a-z-]*", self.run_in(self.program, "stylize", "--help")))
        offered = {line.split(":")[0] for line in complete("stylize", "--")}
        self.assertEqual(helped - offered, set())
        self.assertIn("--artist", {line.split(":")[0] for line in complete("style", "make", "--")})

    def test_reads_by_its_loader(self):
        """The program that decodes foreign formats is found beside the moved one."""
        sample = self.shared("pastiche", "samples", "lake.jpg")
        loaders = [os.path.join(folder, "pastiche-loader") for folder, _, files in os.walk(self.prefix)
                   if "pastiche-loader" in files]
        self.assertEqual(len(loaders), 1)
        self.run_in(self.program, "stylize", sample, "--style", "great-wave", "--size", "64", "-o", "result.tif")
        info = json.loads(self.run_in(self.program, "info", "--json", "result.tif"))
        self.assertEqual(info["format"], "TIFF")

    def test_manual(self):
        for page in "pastiche.1", "pastiche-thumbnailer.1":
            self.assertTrue(os.path.isfile(os.path.join(self.share, "man", "man1", page)))
