"""`./run` on a fresh machine, for a user who is not root: what it installs, builds and starts. The commands of the system are
stand-ins that write down how they are called."""
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.environ["SOURCE_ROOT"]
# What run, its scripts and the stand-ins use besides.
TOOLS = ["bash", "basename", "cat", "chmod", "dirname", "env", "find", "flock", "grep", "mkdir", "mktemp", "readlink", "rm", "sed",
         "sort", "tail"]

STAND_INS = {
    "id": "echo ${FAKE_ID:-1000}",
    # Knows the packages that were "installed" by the stand-in of apt-get.
    "dpkg-query": """shift 3
for name in "$@"; do
    if grep -qxF "$name" "$FAKE/installed"; then echo "installed $name"; else echo "no package $name" >&2; fi
done""",
    "sudo": 'echo "sudo $*" >>"$FAKE/calls"; "$@"',
    "apt-get": """echo "apt-get $*" >>"$FAKE/calls"
if [ -n "${FAKE_FAILURE:-}" ]; then echo "E: Could not resolve 'deb.debian.org'" >&2; exit 100; fi
if [ "$1" = install ]; then
    for word in "$@"; do case $word in install | -*) ;; *) echo "$word" >>"$FAKE/installed" ;; esac; done
fi""",
    "meson": """echo "meson $1 $2" >>"$FAKE/calls"; mkdir -p "$3"; echo >"$3/build.ninja" """,
    "ninja": """mkdir -p "$2/app/cli"
printf '#!/bin/bash\\nfor word in "$@"; do echo "<$word>"; done\\nexit ${FAKE_STATUS:-0}\\n' >"$2/app/cli/pastiche"
chmod +x "$2/app/cli/pastiche" """,
}


def packages():
    script = '. "$1"; printf "%s\\n" "${build_packages[@]}"'
    return subprocess.run(["bash", "-c", script, "-", os.path.join(ROOT, "tools", "packages.sh")], check=True,
                          capture_output=True, text=True).stdout.split()


class Run(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="pastiche-run-")
        self.addCleanup(shutil.rmtree, self.home)
        self.checkout, self.bin = os.path.join(self.home, "a checkout"), os.path.join(self.home, "bin")
        os.makedirs(self.bin)
        shutil.copytree(os.path.join(ROOT, "tools"), os.path.join(self.checkout, "tools"))
        shutil.copy(os.path.join(ROOT, "run"), self.checkout)
        for folder, name in ("samples", "lake.jpg"), ("styles", "great-wave.style"):
            os.makedirs(os.path.join(self.checkout, "data", folder))
            open(os.path.join(self.checkout, "data", folder, name), "wb").close()
        for tool in TOOLS:
            os.symlink(shutil.which(tool), os.path.join(self.bin, tool))
        for name, script in STAND_INS.items():
            path = os.path.join(self.bin, name)
            with open(path, "w", encoding="ascii") as file:
                file.write(f"#!/bin/bash\n{script}\n")
            os.chmod(path, 0o755)
        open(os.path.join(self.home, "installed"), "w", encoding="ascii").close()

    def start(self, *words, status=0, **environment):
        done = subprocess.run([os.path.join(self.checkout, "run"), *words], cwd=self.home, capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL,
                              env={"PATH": self.bin, "HOME": self.home, "FAKE": self.home, "LC_ALL": "C.UTF-8",
                                   **environment})
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def calls(self):
        """What was called since the last time."""
        path = os.path.join(self.home, "calls")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        os.remove(path)
        return lines

    def test_fresh_then_again(self):
        done = self.start("info", "a photo.jpg")
        update, _, install, _, build = self.calls()
        self.assertEqual(update, "sudo apt-get update -q")
        self.assertEqual(install, "sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "
                         + " ".join(packages()))
        self.assertEqual(build, "meson setup --buildtype=release")
        self.assertEqual(done.stdout, "<info>\n<a photo.jpg>\n")
        self.assertIn("Installing from Debian: meson", done.stderr)
        again = self.start("info", "a photo.jpg")
        self.assertEqual((again.stdout, again.stderr), (done.stdout, ""))
        self.assertEqual(self.calls(), [])

    def test_only_what_is_missing(self):
        names = packages()
        with open(os.path.join(self.home, "installed"), "w", encoding="ascii") as file:
            file.write("\n".join(names[:-2]) + "\n")
        self.start("--version")
        self.assertTrue(self.calls()[2].endswith(" --no-install-recommends " + " ".join(names[-2:])))

    def test_root_needs_no_sudo(self):
        self.start("--version", FAKE_ID="0")
        self.assertFalse([line for line in self.calls() if line.startswith("sudo")])

    def test_without_sudo(self):
        os.remove(os.path.join(self.bin, "sudo"))
        done = self.start("--version", status=1)
        self.assertEqual(self.calls(), [])
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr, "pastiche: packages are missing, and only root may install them; as root, run: "
                         f"apt-get install --no-install-recommends {' '.join(packages())}\n")
        self.assertFalse(os.path.exists(os.path.join(self.checkout, "build")))

    def test_without_network(self):
        done = self.start("--version", status=1, FAKE_FAILURE="1")
        self.assertRegex(done.stderr, r"(?m)^pastiche: the packages could not be installed; check the network, [^\n]*\n\Z")
        self.assertIn("Could not resolve", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.checkout, "build")))
        self.calls()
        self.assertEqual(self.start("--version").stdout, "<--version>\n") # once there is one

    def test_is_the_program(self):
        self.start("stylize", "x", "--style", "two words", "", status=3, FAKE_STATUS="3")
        done = self.start("stylize", "x", "--style", "two words", "", status=130, FAKE_STATUS="130")
        self.assertEqual(done.stdout, "<stylize>\n<x>\n<--style>\n<two words>\n<>\n")

    def test_without_arguments(self):
        done = self.start()
        self.assertRegex(done.stdout, r"\APainted " + self.home + r"/<stylize>\n<[^\n]*/data/samples/lake\.jpg>\n<--style>\n"
                         r"<great-wave>\n\Z")
        self.assertIn("Painting the sample lake.jpg in the style great-wave", done.stderr)
        self.assertEqual(self.start(DISPLAY=":7").stdout, "") # the program itself, without words
