"""Videos: what is painted, what is kept, how it stops and goes on. Clips are made by ffmpeg's own sources."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import unittest

from bench import Bench

FFMPEG = shutil.which("ffmpeg") and shutil.which("ffprobe")
# A scene that moves a little, and another one.
FIRST = "mandelbrot=size=128x96:rate={rate}:start_scale=2"
SECOND = "testsrc2=size=128x96:rate={rate}"


@unittest.skipUnless(FFMPEG, "ffmpeg is not installed")
class Video(Bench):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ffmpeg("-f", "lavfi", "-i", FIRST.format(rate="30000/1001"), "-f", "lavfi", "-i",
                   SECOND.format(rate="30000/1001"), "-f", "lavfi", "-i", "sine=frequency=440", "-filter_complex",
                   "[0:v]trim=end_frame=20[a];[1:v]trim=end_frame=16,setpts=PTS-STARTPTS[b];[a][b]concat,setsar=1",
                   "-map", "2:a", "-t", "1.2", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-c:a", "aac", "-colorspace",
                   "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
                   "-metadata", "title=Two scenes", cls.at("two.mp4"))

    @classmethod
    def ffmpeg(cls, *words):
        done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *words], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def setUp(self):
        super().setUp()
        shutil.copy(self.at("two.mp4"), self.path("in.mp4"))

    def make(self, name, *words, source=SECOND.format(rate=25), frames=8):
        """A short clip."""
        self.ffmpeg("-f", "lavfi", "-i", source, *words, "-frames:v", str(frames), self.path(name))

    def video(self, *words, status=0, **options):
        return self.pastiche("video", *words, "--style", "red-one", status=status, **options)

    def probe(self, name, kind="v"):
        """The first stream of a kind."""
        done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-select_streams", kind,
                               self.path(name)], capture_output=True, check=True)
        return json.loads(done.stdout)["streams"]

    def times(self, name):
        done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-select_streams", "v", "-show_entries",
                               "frame=pts_time", self.path(name)], capture_output=True, check=True)
        return [float(frame["pts_time"]) for frame in json.loads(done.stdout)["frames"]]

    def packets(self, name, kind):
        """A hash of a stream's packets as they are stored."""
        return hashlib.sha256(self.ffmpeg("-i", self.path(name), "-map", "0:" + kind, "-c", "copy", "-f", "data",
                                          "pipe:1")).hexdigest()

    def frames(self, name):
        """A hash of the frames."""
        return hashlib.sha256(self.ffmpeg("-i", self.path(name), "-map", "0:v", "-fps_mode", "passthrough", "-f",
                                          "rawvideo", "pipe:1")).hexdigest()

    def same_times(self, a, b):
        a, b = self.times(a), self.times(b)
        self.assertEqual(len(a), len(b))
        for x, y in zip(a, b):
            self.assertAlmostEqual(x, y, delta=0.0006)  # Matroska counts milliseconds

    def test_what_is_kept(self):
        self.assertEqual(self.video("in.mp4").stdout, "in-red-one.mp4\n")
        before, after = self.probe("in.mp4")[0], self.probe("in-red-one.mp4")[0]
        for key in ("width", "height", "nb_frames", "duration", "time_base", "avg_frame_rate", "pix_fmt", "color_range",
                    "color_space", "color_transfer", "color_primaries"):
            self.assertEqual(before[key], after[key], key)
        self.assertEqual(self.times("in.mp4"), self.times("in-red-one.mp4"))
        self.assertEqual(self.packets("in.mp4", "a"), self.packets("in-red-one.mp4", "a"))
        self.assertNotEqual(self.frames("in.mp4"), self.frames("in-red-one.mp4"))
        self.assertEqual(self.files(), ["in-red-one.mp4", "in.mp4", "photo.png"])
        title = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format_tags=title",
                                self.path("in-red-one.mp4")], capture_output=True, check=True).stdout
        self.assertIn(b"Two scenes", title)

    def test_mark(self):
        """It says how it was made, below what it said of itself."""
        for name in "in.mp4", "in.mkv", "in.mov":
            self.ffmpeg("-i", self.path("in.mp4"), "-metadata", "comment=At the sea", "-c", "copy", self.path("own-" + name))
            self.video("own-" + name, "-o", name.replace("in", "out"))
            done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-show_entries", "format_tags",
                                   self.path(name.replace("in", "out"))], capture_output=True, check=True)
            tags = {key.lower(): value for key, value in json.loads(done.stdout)["format"]["tags"].items()}
            first, second = tags["comment"].split("\n")
            self.assertEqual(first, "At the sea")
            self.assertRegex(second, r"^Painted by Pastiche \S+ in the style of .*.*\. A trained model made it: "
                                     r"http://cv\.iptc\.org/.*/compositeWithTrainedAlgorithmicMedia$")

    def test_frame(self):
        """One frame as a picture is that of the video, steadiness and all."""
        self.make("full.mkv", "-pix_fmt", "yuv444p", "-c:v", "ffv1", source=FIRST.format(rate=25), frames=12)
        self.video("full.mkv", "-o", "out.mkv", "--crf", "0")
        self.assertEqual(self.video("full.mkv", "--frame", "0.3").stdout, "full-red-one.png\n")
        self.ffmpeg("-i", self.path("out.mkv"), "-vf", "select=eq(n\\,7)", "-frames:v", "1", self.path("seventh.png"))
        ours, video = (self.picture(name).astype(int) for name in ("full-red-one.png", "seventh.png"))
        self.assertLessEqual(abs(ours - video).max(), 3)  # two conversions to RGB
        info = json.loads(self.pastiche("info", "--json", "full-red-one.png").stdout)
        self.assertIn("compositeWithTrainedAlgorithmicMedia", json.dumps(info))
        self.assertEqual(self.video("full.mkv", "--frame", "0.3").stdout, "full-red-one-2.png\n")

    def test_frame_that_is_not_there(self):
        self.assertIn("in.mp4: ends at 1.20 seconds", self.video("in.mp4", "--frame", "7", status=1).stderr)
        self.video("in.mp4", "--frame", "0.1", "--shard", "1/2", status=2)
        self.video("in.mp4", "--frame", "0.1", "-o", "in.mp4", "--on-conflict", "overwrite", status=1)
        self.assertEqual(self.files(), ["in.mp4", "photo.png"])

    def test_it_is_painted(self):
        """Each frame is near what the photograph's painting is."""
        self.video("in.mp4", "-o", "out.mkv", "--crf", "0", "--steadiness", "0")
        for name in "in.mp4", "out.mkv":
            self.ffmpeg("-i", self.path(name), "-vf", "select=eq(n\\,8)", "-frames:v", "1", self.path(name + ".png"))
        self.stylize("in.mp4.png", "-o", "still.png")
        painted, still, before = (self.picture(name).astype(float) for name in ("out.mkv.png", "still.png",
                                                                                "in.mp4.png"))
        # Statistics are those of the shot, not of the frame, and chroma is halved.
        self.assertLess(abs(painted - still).mean(), 12)
        self.assertGreater(abs(painted - before).mean(), 24)

    def test_uneven_times(self):
        self.make("uneven.mkv", "-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-fps_mode", "vfr", frames=9)
        self.make("uneven.mp4", "-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-fps_mode", "vfr", frames=9)
        for name in "uneven.mkv", "uneven.mp4":
            steps = {round(b - a, 3) for a, b in zip(self.times(name), self.times(name)[1:])}
            self.assertGreater(len(steps), 1)
            self.video(name, "-o", "out-" + name)
            self.same_times(name, "out-" + name)

    def test_late_beginning(self):
        self.ffmpeg("-f", "lavfi", "-i", "sine", "-itsoffset", "0.32", "-f", "lavfi", "-i", SECOND.format(rate=25),
                    "-map", "0", "-map", "1", "-t", "0.8", self.path("late.mkv"))
        self.assertGreater(self.times("late.mkv")[0], 0.3)
        self.video("late.mkv", "-o", "out.mkv")
        self.same_times("late.mkv", "out.mkv")

    def test_rotation(self):
        self.make("plain.mp4")
        self.ffmpeg("-i", self.path("plain.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", self.path("turned.mp4"))
        self.assertIn("rotation", json.dumps(self.probe("turned.mp4")))
        self.video("turned.mp4", "-o", "out.mp4")
        after = self.probe("out.mp4")[0]
        self.assertEqual((after["width"], after["height"]), (96, 128))
        self.assertNotIn("rotation", json.dumps(after))

    def test_subtitles(self):
        self.put("words.srt", b"1\n00:00:00,000 --> 00:00:00,300\nHello\n")
        for name, codec in ("a.mkv", "srt"), ("a.mp4", "mov_text"):
            self.ffmpeg("-f", "lavfi", "-i", SECOND.format(rate=25), "-i", self.path("words.srt"), "-map", "0", "-map",
                        "1", "-c:s", codec, "-t", "0.32", self.path(name))
        for name, output, codec in (("a.mkv", "b.mkv", "subrip"), ("a.mp4", "c.mp4", "mov_text"),
                                    ("a.mkv", "d.mp4", "mov_text"), ("a.mp4", "e.mkv", "subrip")):
            self.video(name, "-o", output)
            self.assertEqual([stream["codec_name"] for stream in self.probe(output, "s")], [codec])
            text = self.ffmpeg("-i", self.path(output), "-map", "0:s", "-f", "srt", "pipe:1")
            self.assertIn(b"Hello", text)

    def test_kinds(self):
        """Other formats of pixels, sizes and containers."""
        for number, (words, expected) in enumerate([
                (("-pix_fmt", "yuvj420p"), {"pix_fmt": "yuvj420p", "color_range": "pc"}),
                (("-pix_fmt", "yuv420p10le"), {"pix_fmt": "yuv420p10le"}),
                (("-pix_fmt", "yuv422p"), {"pix_fmt": "yuv422p"}),
                (("-pix_fmt", "yuv444p", "-vf", "scale=127:95"), {"width": 127, "height": 95}),
                (("-vf", "setsar=4/3", "-pix_fmt", "yuv420p"), {"sample_aspect_ratio": "4:3"}),
                (("-vf", "setfield=tff", "-flags", "+ilme+ildct", "-pix_fmt", "yuv420p"), {})]):
            with self.subTest(words=words):
                self.make(f"{number}.mkv", "-c:v", "libx264", *words)
                self.video(f"{number}.mkv", "-o", f"out{number}.mkv")
                after = self.probe(f"out{number}.mkv")[0]
                for key, value in expected.items():
                    self.assertEqual(after.get(key), value)
                self.same_times(f"{number}.mkv", f"out{number}.mkv")
        self.video("0.mkv", "-o", "out.webm")
        self.assertEqual(self.probe("out.webm")[0]["codec_name"], "vp9")
        self.video("0.mkv", "-o", "small.mp4", "--size", "64")
        self.assertEqual(self.probe("small.mp4")[0]["width"], 64)

    def test_colours(self):
        """Strength 0 gives the video back: matrix and range are the same on both ways."""
        for words in (("-pix_fmt", "yuv444p", "-colorspace", "bt709"),
                      ("-pix_fmt", "yuv444p", "-colorspace", "smpte170m"),
                      ("-pix_fmt", "yuvj444p",), ("-pix_fmt", "yuv444p10le",)):
            with self.subTest(words=words):
                # Of RGB, so that nothing lies outside of it.
                self.make("a.mkv", "-c:v", "libx264", "-qp", "0", *words, source=FIRST.format(rate=25), frames=3)
                self.video("a.mkv", "-o", "b.mkv", "--strength", "0", "--crf", "0", "--on-conflict", "overwrite",
                           "--steadiness", "0")
                a, b = (self.ffmpeg("-i", self.path(name), "-pix_fmt", "yuv444p", "-f", "rawvideo", "pipe:1")
                        for name in ("a.mkv", "b.mkv"))
                self.assertEqual(len(a), len(b))
                far = [abs(x - y) for x, y in zip(a, b)]
                self.assertLess(sum(far) / len(far), 1.0)

    def test_killed(self):
        self.video("in.mp4", "-o", "whole.mp4")
        process = self.start("video", "in.mp4", "-o", "cut.mp4", "--style", "red-one", here=self.here,
                             stdout=subprocess.DEVNULL)
        self.until(process, lambda: os.path.isdir(self.path("cut.mp4.parts")) and self.files("cut.mp4.parts"))
        process.kill()
        process.wait()
        part = self.files("cut.mp4.parts")
        self.assertEqual(len(part), 1)
        time = os.stat(self.path("cut.mp4.parts", part[0])).st_mtime_ns
        self.assertFalse(os.path.exists(self.path("cut.mp4")))
        # Another recipe has pieces of its own.
        self.video("in.mp4", "-o", "cut.mp4", "--strength", "0.5")
        self.assertEqual(os.stat(self.path("cut.mp4.parts", part[0])).st_mtime_ns, time)
        os.remove(self.path("cut.mp4"))
        self.video("in.mp4", "-o", "cut.mp4")
        self.assertEqual(self.content("cut.mp4"), self.content("whole.mp4"))
        self.assertFalse(os.path.exists(self.path("cut.mp4.parts")))

    def test_shards(self):
        self.video("in.mp4", "-o", "whole.mp4")
        for index in 2, 1:
            self.assertEqual(self.video("in.mp4", "-o", "out.mp4", "--shard", f"{index}/2").stdout, "out.mp4.parts\n")
        self.assertEqual(len(self.files("out.mp4.parts")), 2)
        times = [os.stat(self.path("out.mp4.parts", name)).st_mtime_ns for name in self.files("out.mp4.parts")]
        self.video("in.mp4", "-o", "out.mp4", "--shard", "1/2")
        self.assertEqual(times, [os.stat(self.path("out.mp4.parts", name)).st_mtime_ns
                                 for name in self.files("out.mp4.parts")])
        self.video("in.mp4", "-o", "out.mp4")
        self.assertEqual(self.content("out.mp4"), self.content("whole.mp4"))

    def test_long_shot(self):
        """A shot of more than one piece: frames and times are all there."""
        self.make("long.mp4", source="testsrc2=size=64x48:rate=50", frames=250)
        self.video("long.mp4", "-o", "out.mp4", "--shard", "1/1")
        self.assertGreater(len(self.files("out.mp4.parts")), 1)
        self.video("long.mp4", "-o", "out.mp4")
        self.assertEqual(self.times("out.mp4"), self.times("long.mp4"))

    def test_cancelled(self):
        process = self.start("video", "in.mp4", "-o", "out.mp4", "--style", "red-one", here=self.here,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.until(process, lambda: os.path.isdir(self.path("out.mp4.parts")))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        self.assertNotIn("out.mp4", os.listdir(self.here))
        # The children went with it: none of them has this folder's video open.
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    self.assertNotIn(self.path("in.mp4").encode(), file.read())
            except OSError:
                pass

    def test_refused(self):
        self.ffmpeg("-f", "lavfi", "-i", "sine", "-t", "0.2", self.path("sound.m4a"))
        self.put("text.mp4", b"hello")
        self.put("empty.mp4", b"")
        for name in "text.mp4", "empty.mp4", "nowhere.mp4", "sound.m4a", "photo.png":
            self.assertIn(name, self.complaint("video", name, "-o", "out.mp4", "--style", "red-one"))
        self.assertIn("suffix", self.complaint("video", "in.mp4", "-o", "out.jpg", "--style", "red-one"))
        self.assertIn("webm", self.complaint("video", "in.mp4", "-o", "out.webm", "--style", "red-one"))
        self.put("there.mp4", b"mine")
        self.complaint("video", "in.mp4", "-o", "there.mp4", "--on-conflict", "skip", "--style", "red-one")
        self.complaint("video", "in.mp4", "-o", "in.mp4", "--on-conflict", "overwrite", "--style", "red-one")
        self.assertEqual(self.content("there.mp4"), b"mine")
        self.complaint("video", "--style", "red-one", status=2)
        self.complaint("video", "in.mp4", status=2)
        self.complaint("video", "in.mp4", "--style", "red-one", "--crf", "60", status=2)
        self.assertEqual(self.files(), sorted(["empty.mp4", "in.mp4", "photo.png", "sound.m4a", "text.mp4",
                                               "there.mp4"]))

    def test_style_is_not_replaced(self):
        shutil.copy(self.at("red.png"), self.path("style.png"))
        os.link(self.path("style.png"), self.path("style.mp4"))
        before = self.content("style.png")
        self.complaint("video", "in.mp4", "-o", "style.mp4", "--on-conflict", "overwrite", "--style", "style.png")
        self.assertEqual(self.content("style.png"), before)

    def test_damaged(self):
        """A video that breaks off is painted as far as ffmpeg reads it, or refused; never half, never a crash."""
        content = self.content("in.mp4")
        self.ffmpeg("-i", self.path("in.mp4"), "-c", "copy", self.path("in.mkv"))
        self.put("cut.mp4", content[:len(content) // 2])
        self.complaint("video", "cut.mp4", "-o", "out.mp4", "--style", "red-one")
        content = self.content("in.mkv")
        self.put("cut.mkv", content[:len(content) * 2 // 3])
        done = self.call("video", "cut.mkv", "-o", "out.mkv", "--style", "red-one", here=self.here)
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(os.path.exists(self.path("out.mkv")), done.returncode == 0)

    def test_without_ffmpeg(self):
        os.mkdir(self.path("bin"))
        text = self.complaint("video", "in.mp4", "-o", "out.mp4", "--style", "red-one",
                              environment={"PATH": self.path("bin")})
        self.assertIn("install the package ffmpeg", text)

    def test_no_masterpiece(self):
        self.make("a.mp4", frames=2)
        self.pastiche("stylize", "photo.png", "--style", self.at("red.png"), "--finish",
                      "masterpiece", "--size", "32", "--save-recipe", "m.json", "-o", "m.png")
        done = self.pastiche("video", "a.mp4", "-o", "out.mp4", "--recipe", "m.json")
        self.assertIn("no masterpiece", done.stderr)
