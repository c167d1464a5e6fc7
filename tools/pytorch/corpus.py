"""Random square crops of the pictures of a folder, reproducible from a seed."""
import glob
import os

import numpy as np
import torch
from PIL import Image


class Corpus:
    """Pictures of `folders`, decoded once into memory; `held_out` of each folder (the last by name) are left out."""

    def __init__(self, folders, held_out=32, side=512):
        self.train, self.valid = [], []
        for folder in folders:
            paths = sorted(glob.glob(os.path.join(folder, "*.jpg")))
            pictures = [self._decode(p, side) for p in paths]
            cut = len(pictures) - held_out
            self.train.append(pictures[:cut])
            self.valid.append(pictures[cut:])

    @staticmethod
    def _decode(path, side):
        im = Image.open(path).convert("RGB")
        k = side / min(im.size)
        if k < 1:
            im = im.resize((round(im.width * k), round(im.height * k)), Image.LANCZOS)
        return im

    @staticmethod
    def crop(rng, picture, size, smallest, largest):
        """A `size` square from a window of random side and place, mirrored half of the time; uint8 HWC."""
        limit = min(picture.size)
        side = int(round(np.exp(rng.uniform(np.log(min(smallest, limit)), np.log(min(largest, limit))))))
        x, y = rng.integers(picture.width - side + 1), rng.integers(picture.height - side + 1)
        window = picture.resize((size, size), Image.BOX if side > 2 * size else Image.BICUBIC, (x, y, x + side, y + side))
        a = np.asarray(window)
        return a[:, ::-1] if rng.integers(2) else a

    def batch(self, rng, count, size, smallest, largest, folder=None, sets="train"):
        """`count` crops as a float NCHW tensor in 0..1, alternating between folders unless one is named."""
        groups = getattr(self, sets)
        crops = []
        for i in range(count):
            group = groups[i % len(groups) if folder is None else folder]
            crops.append(self.crop(rng, group[rng.integers(len(group))], size, smallest, largest))
        return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255
