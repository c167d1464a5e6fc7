"""Writes seeds for a fuzz target, made by this program and by Pillow:  seeds.py TARGET FOLDER PASTICHE"""
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from PIL import Image, ImageCms, PngImagePlugin

XMP = (b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"
       b" xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''"
       b" xmlns:tiff='http://ns.adobe.com/tiff/1.0/' xmlns:exif='http://ns.adobe.com/exif/1.0/'"
       b" xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/'"
       b" xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'"
       b" xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' xmlns:stDim='http://ns.adobe.com/xap/1.0/sType/Dimensions#'"
       b" tiff:Orientation='6' exif:GPSLatitude='1,2N' hdrgm:Version='1.0'><dc:creator><rdf:Seq><rdf:li>Me</rdf:li>"
       b"</rdf:Seq></dc:creator><mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:AppliedToDimensions stDim:w='24'"
       b" stDim:h='16'/><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType='Resource'><mwg-rs:Area stArea:x='0.1'"
       b" stArea:y='0.2' stArea:w='0.1' stArea:h='0.2'/></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
       b"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>")
IPTC = b"".join(b"\x1c\2" + bytes([number, 0, 4]) + b"text" for number in (5, 25, 80, 90, 101, 202))
RESOURCES = b"8BIM\4\4\0\0" + struct.pack(">I", len(IPTC)) + IPTC + b"\0" * (len(IPTC) % 2)


def segment(marker, content):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def exif():
    data = Image.Exif()
    data[0x0112], data[0x010f], data[0x013b] = 6, "Maker", "Me"
    data.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    data.get_ifd(0x8769)[0xa001] = 2
    data.get_ifd(0x8825)[1] = "N"
    return data.tobytes()


def saved(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def pictures():
    colours = Image.linear_gradient("L").resize((24, 16)).convert("RGB")
    jpeg = saved(colours, "JPEG", exif=exif(), comment=b"hello",
                 icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    yield jpeg[:2] + segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0" + XMP) + segment(
        0xed, b"Photoshop 3.0\0" + RESOURCES) + jpeg[2:]
    yield saved(colours, "JPEG", progressive=True)
    yield saved(colours.convert("CMYK"), "JPEG")
    yield saved(colours.convert("L"), "JPEG", optimize=True)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "text")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add_text("Raw profile type iptc", f"\niptc\n{len(RESOURCES):8}\n{RESOURCES.hex()}\n", zip=True)
    texts.add(b"cICP", b"\x0c\x0d\0\1")
    yield saved(colours, "PNG", pnginfo=texts, exif=exif())
    yield saved(colours.convert("P"), "PNG", transparency=3)
    yield saved(colours.convert("LA"), "PNG")
    yield saved(colours.convert("I"), "PNG")


TIFF, WEBP, HEIC, AVIF, JXL, GIF, RAW = range(7)  # in the order of PstFormat


def converted(picture, *command):
    """What another program makes of a picture, or None where it is not installed. {in} and {out} are its files."""
    if not shutil.which(command[0]):
        return None
    with tempfile.TemporaryDirectory() as folder:
        places = {"in": os.path.join(folder, "in.png"), "out": os.path.join(folder, "out." + command[-1])}
        picture.save(places["in"])
        done = subprocess.run([word.format(**places) for word in command[:-1]], capture_output=True, check=False)
        if done.returncode:
            return None
        with open(places["out"], "rb") as file:
            return file.read()


def foreign_pictures():
    """Format and content of pictures that a loader decodes."""
    colours = Image.linear_gradient("L").resize((24, 16)).convert("RGB")
    clear = colours.copy()
    clear.putalpha(Image.linear_gradient("L").resize((24, 16)))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode, options in (("RGB", {}), ("RGB", {"compression": "tiff_lzw"}), ("RGB", {"compression": "jpeg"}),
                          ("CMYK", {}), ("L", {"compression": "tiff_adobe_deflate"}), ("1", {"compression": "group4"}),
                          ("P", {}), ("LAB", {}), ("I;16", {}), ("F", {})):
        picture = colours.convert("I").convert(mode) if mode == "I;16" else colours.convert(mode)
        yield TIFF, saved(picture, "TIFF", **options)
    yield TIFF, saved(clear, "TIFF", icc_profile=profile, exif=exif())
    yield WEBP, saved(colours, "WEBP", exif=exif(), icc_profile=profile, xmp=XMP)
    yield WEBP, saved(clear, "WEBP", lossless=True)
    yield WEBP, saved(colours, "WEBP", save_all=True, append_images=[colours.rotate(180)])
    yield GIF, saved(colours.convert("P"), "GIF", transparency=3)
    yield GIF, saved(colours.convert("P"), "GIF", interlace=0)
    for kind, command in ((HEIC, ("heif-enc", "{in}", "-o", "{out}", "heic")),
                          (AVIF, ("heif-enc", "-A", "{in}", "-o", "{out}", "avif")),
                          (JXL, ("cjxl", "{in}", "{out}", "-e", "1", "jxl"))):
        content = converted(colours, *command)
        if content:
            yield kind, content
    yield RAW, saved(colours, "TIFF")


def streams():
    """What a loader says of a picture of 2 x 1 pixels in 8 bits of RGB (engine/picture/picture_stream.c)."""
    numbers = [0x50535401, 2, 1, 2, 1, 3, 1, 8, 0, 0, 1, 1, 8, 0, 0, 0]
    icc, warning = b"profile", b"odd"
    header = struct.pack("=16I11dQ7I4x", *numbers, 72, 72, 0.45, *[0.3] * 8, 1000, len(icc), 0, 0, 0, 0, len(warning), 0)
    begin = b"h" + header + icc + warning
    yield begin + b"r" + bytes(range(6)) + b"e" + struct.pack("=I", 0)
    yield begin + b"r" + bytes(range(6)) + b"e" + struct.pack("=I", 3) + b"odd"
    yield begin + b"f" + struct.pack("=II", 6, 4) + b"torn"
    yield b"f" + struct.pack("=II", 5, 5) + b"a\xff\nbc"


def made(folder, program, *words):
    """The file that the program makes of a small picture."""
    photo, made_file = os.path.join(folder, "..", f"photo-{os.getpid()}.png"), os.path.join(folder, "..",
                                                                                          f"made-{os.getpid()}.style")
    Image.linear_gradient("L").resize((96, 96)).convert("RGB").save(photo)
    subprocess.run([program, *(word.format(photo=photo, made=made_file) for word in words)], check=True,
                   stdout=subprocess.DEVNULL)
    with open(made_file, "rb") as file:
        content = file.read()
    os.remove(photo)
    os.remove(made_file)
    return content


def styles(folder, program):
    yield made(folder, program, "style", "make", "{photo}", "-o", "{made}", "--name", "Seed", "--style-size", "64",
               "--no-thumbnail")
    header = json.dumps({"__metadata__": {"format": "x"}, "a": {"dtype": "F32", "shape": [1],
                                                               "data_offsets": [0, 4]}}).encode()
    yield struct.pack("<Q", len(header)) + header + b"\0\0\x80?"


def recipes(folder, program):
    yield made(folder, program, "stylize", "{photo}", "--style", "kiss", "--style", "scream:2", "--strength", "0", "-o",
               "/dev/shm/fuzz-seed.png", "--on-conflict", "overwrite", "--save-recipe", "{made}")
    os.remove("/dev/shm/fuzz-seed.png")


def masks():
    yield b"0.2 0;p 0.1 0.25,0.5 0.75,0.5;e 0.05 0.5,0.5"
    yield b"0 1"


def states(folder, program):
    recipe = next(recipes(folder, program)).decode().strip().replace("\n", "\\n")
    yield f"[session]\nphoto=/tmp/photo.jpg\nrecipe={recipe}\nids=kiss;scream;\n".encode()
    yield b"[training]\nname=Mine\npictures=/a.jpg;/b.jpg;\nfine=true\ncrop=false\nsettings=steps=3;\n"


def main():
    target, folder, program = sys.argv[1:]
    contents = {
        "picture": lambda: (bytes([i]) + picture for i, picture in enumerate(pictures())),
        "loader": lambda: (bytes([kind]) + picture for kind, picture in foreign_pictures()), "stream": streams,
        "xmp": lambda: (b"\x5d" + XMP, b"\x7f" + XMP), "exif": lambda: (exif()[6:], exif(), IPTC, RESOURCES),
        "style": lambda: styles(folder, program), "model": lambda: styles(folder, program),
        "recipe": lambda: recipes(folder, program), "mask": masks, "state": lambda: states(folder, program),
    }[target]()
    for i, content in enumerate(contents):
        with open(os.path.join(folder, f"seed-{i}"), "wb") as file:
            file.write(content)


main()
