"""Read and write safetensors files (8-byte little-endian header length, JSON header, raw arrays)."""
import json
import os
import struct

import numpy as np

TYPES = {"F32": np.float32, "F16": np.float16, "U8": np.uint8}


def save(path, arrays, metadata=None):
    """Write {name: array} sorted by name; float64 becomes float32. The file is replaced in one step."""
    header, offset, blobs = {}, 0, []
    if metadata:
        header["__metadata__"] = {k: str(v) for k, v in metadata.items()}
    for name in sorted(arrays):
        a = np.ascontiguousarray(arrays[name])
        kind = next((k for k, t in TYPES.items() if a.dtype == t), "F32")
        blob = a.astype(TYPES[kind]).tobytes()
        header[name] = {"dtype": kind, "shape": list(a.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
        f.flush()
        os.fsync(f.fileno())
    os.replace(path + ".part", path)


def load(path):
    """Return ({name: array}, metadata)."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"]).copy()
    return arrays, metadata
