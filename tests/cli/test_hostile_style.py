"""Style files from strangers: each is refused with one clear line, whatever is wrong with it."""
import json
import os
import struct

from bench import Bench, red_waves
from pictures import draw, encode, size
from test_train import LEARNING, SHORT


class HostileStyle(Bench):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keep(cls.at("style.png"), encode(draw(96, 80, red_waves)))
        done = cls.call("train", cls.at("style.png"), "--name", "Good", "-o", cls.at("good.style"), "--steps", "30",
                        *LEARNING, *SHORT)
        assert done.returncode == 0, done.stderr
        with open(cls.at("good.style"), "rb") as file:
            cls.bytes = file.read()
        size, = struct.unpack("<Q", cls.bytes[:8])
        cls.header, cls.data = json.loads(cls.bytes[8:8 + size]), cls.bytes[8 + size:]
        assert "change.conv1_1.weight" in cls.header, "the style has a change"

    def refused(self, content, reason):
        self.put("bad.style", content)
        for words in ("info", "bad.style"), ("stylize", "photo.png", "--style", "./bad.style"):
            self.assertRegex(self.complaint(*words), reason)

    def file(self, change=lambda header: None, data=None, text=None):
        header = json.loads(json.dumps(self.header))
        change(header)
        text = json.dumps(header) if text is None else text
        return struct.pack("<Q", len(text.encode())) + text.encode() + (self.data if data is None else data)

    def test_good(self):
        self.put("good.style", self.file())
        self.pastiche("info", "good.style")
        self.stylize("photo.png", style="good.style")

    def test_truncated(self):
        for length in 0, 1, 7, 8, 9, 100, len(self.bytes) // 2, len(self.bytes) - 1:
            self.refused(self.bytes[:length], "bad.style: ")

    def test_offsets(self):
        def overlap(header):
            a, b = header["change.conv1_1.weight"], header["change.conv1_2.weight"]
            start = a["data_offsets"][0]
            b["data_offsets"] = [start, start + b["data_offsets"][1] - b["data_offsets"][0]]

        def beyond(header):
            entry = header["statistics"]
            entry["data_offsets"] = [v + len(self.data) for v in entry["data_offsets"]]

        def huge(header):
            header["statistics"]["data_offsets"] = [0, 1 << 62]

        def negative(header):
            header["statistics"]["data_offsets"][0] = -4

        for change in overlap, beyond, huge, negative:
            self.refused(self.file(change), "bad.style: ")

    def test_shapes(self):
        def flat(header):
            entry = header["change.conv4_1.weight"]
            entry["shape"] = [entry["shape"][0] * entry["shape"][1] * 9]

        def swapped(header):
            header["change.conv4_4.weight"]["shape"][:2] = header["change.conv4_4.weight"]["shape"][1::-1]

        def other_type(header):
            header["change.conv1_1.bias"]["dtype"] = "U8"

        for change in flat, swapped, other_type:
            self.refused(self.file(change), r"conv\d_\d|bad.style")

    def without(self, name):
        """The file without one tensor, the others moved together."""
        header, data = json.loads(json.dumps(self.header)), b""
        del header[name]
        for key, entry in header.items():
            if key != "__metadata__":
                part = self.data[slice(*entry["data_offsets"])]
                entry["data_offsets"] = [len(data), len(data) + len(part)]
                data += part
        return self.file(data=data, text=json.dumps(header))

    def test_missing_parts(self):
        for name in "statistics", "change.conv3_2.weight", "change.conv3_2.weight.step", "change.skip2.bias":
            self.refused(self.without(name), name)

    def altered(self, name, index, value):
        at = self.header[name]["data_offsets"][0] + 4 * index
        return self.file(data=self.data[:at] + struct.pack("<f", value) + self.data[at + 4:])

    def test_values(self):
        for name in "statistics", "change.conv4_1.weight.step", "change.conv4_1.bias":
            for value in float("nan"), float("inf"), -float("inf"):
                self.refused(self.altered(name, 3, value), "bad.style: .*finite|NaN|infin")
        self.refused(self.altered("change.conv4_1.weight.step", 0, 1e30), "beyond all measure")
        self.refused(self.altered("change.conv4_1.bias", 0, 1e30), "beyond all measure")
        self.refused(self.altered("statistics", 0, 1e30), "beyond all measure")
        self.refused(self.altered("statistics", 479, 0), "not positive")
        self.refused(self.altered("statistics", 479, -1), "not positive")

    def test_wild_but_allowed_values_paint_numbers(self):
        """The largest change there can be overflows every layer; what is painted is still a picture."""
        header, data = self.header, bytearray(self.data)
        for name, entry in header.items():
            if name.endswith(".step"):
                for at in range(entry["data_offsets"][0], entry["data_offsets"][1], 4):
                    data[at:at + 4] = struct.pack("<f", 0.12)
        self.put("wild.style", self.file(data=bytes(data)))
        name, = self.stylize("photo.png", style="wild.style")
        painted, photo = self.picture(name), self.picture("photo.png")
        self.assertEqual(size(painted), size(photo))

    def test_header(self):
        text = json.dumps(self.header)
        self.refused(struct.pack("<Q", 1 << 40) + self.bytes[8:], "bad.style: ")
        self.refused(self.file(text=" " * (2 << 20) + text), "bad.style: ")
        self.refused(self.file(text=text[:-1] + ', "statistics": ' + json.dumps(self.header["statistics"]) + "}"),
                     "bad.style: ")
        self.refused(self.file(text="[" * 100000), "bad.style: ")
        self.refused(self.file(lambda header: header.update({"x": header["statistics"]})), "bad.style: ")

    def test_texts(self):
        def text(key, value):
            return self.file(lambda header: header["__metadata__"].update({key: value}))

        self.refused(text("author", "x" * 201), "author is longer than 200 bytes")
        for key in "sources", "recipe", "curve", "report":
            self.refused(text(key, "{"), f"{key} is not sound JSON")
            self.refused(text(key, '{"a": 1, "a": 2}'), f"{key} is not sound JSON")
            self.refused(text(key, "[" * 60000), f"{key} is not sound JSON")
            self.refused(text(key, json.dumps("x" * 70000)), f"{key} is longer than 65536 bytes")
        self.refused(text("format", "pastiche-style-9"), "not a style file")
        self.refused(self.file(lambda header: header["__metadata__"].update({"name": 7})), "bad.style: ")

    def test_size(self):
        self.refused(self.bytes + b"\0" * (5 << 20), "bad.style: ")


del Bench
