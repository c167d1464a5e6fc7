#!/usr/bin/python3
"""What adapt, augment and classify are worth to who has five labelled pictures a class, and few of another domain.

    domains.py PASTICHE [--shared ../shared] [--network thin|probe] [--draws 20] [--keep FOLDER]

On SHARED/labelled and the domains that SHARED/measure/shift.py makes of its test pictures, by the protocol of
SHARED/measure/few_shot_probe.py: a logistic regression on a frozen network's features, learnt from 5 pictures a class and
what is made of them, mean accuracy over draws.

  probe  the network of few_shot_probe.py, with mirrored pictures: about an hour on one thread the first time
  thin   that network's distilled half, without mirrored pictures: some minutes

Before there was `augment`, plain copies in random built-in styles took the probe from 45.8 to 49.2 % on the same domain,
and from 31.5 to 36.2 % on the mean of the others. Floors are 2 and 4 points more: 5.4 and 8.7 over no copies at all.

  augment   copies of the pictures by `pastiche augment`, which knows nothing of the target; beside it plain copies in
            random built-in styles at strength 0.5, colour jitter, and FDA between training pictures, all as many
  adapt     pictures of one half of the training set, adapted to 40 pictures of the other half, shifted; half of what the
            shift costs has to come back, and more than by FDA and by matching histograms; originals are learnt from too
  edges     share of edges that are where they were: 0.95 for colour, 0.9 for network, means over pictures and domains
  gap       `pastiche gap` between the domains before and after adapting
  classify  `pastiche classify` on the program's own encoder, learnt from five draws with and without copies

--keep holds what was made and its features, and goes on where it was stopped.
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

DOMAINS = "dusk", "print", "infrared"
SHOTS, COPIES, UNLABELLED = 5, 3, 4  # pictures a class; of each picture; a class
SAME, OTHERS = 5.4, 8.7              # points over no copies
EDGES = {"colour": 0.95, "network": 0.9}
HEADS = 5                            # draws of the program's own classifier


def stems(folder):
    """class/stem of each picture of a folder of folders."""
    paths = sorted(glob.glob(f"{folder}/*/*.jpg"))
    return {os.path.relpath(path, folder)[:-4]: path for path in paths}


def random_of(*words):
    return np.random.default_rng(list(" ".join(map(str, words)).encode()))


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")) / 255


def save(rgb, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Image.fromarray((np.clip(rgb, 0, 1) * 255).round().astype("uint8")).save(path, quality=92)


# ---- what others do ----

def jitter(rgb, rng):
    """Brightness, contrast and saturation by 0.6 .. 1.4, hue by a tenth of a turn (in YIQ)."""
    luma = np.array([0.299, 0.587, 0.114])
    rgb = rgb * rng.uniform(0.6, 1.4)
    mean = (rgb @ luma).mean()
    rgb = (rgb - mean) * rng.uniform(0.6, 1.4) + mean
    grey = (rgb @ luma)[..., None]
    rgb = grey + (rgb - grey) * rng.uniform(0.6, 1.4)
    yiq, turn = np.array([luma, [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]]), rng.uniform(-0.1, 0.1) * 2 * np.pi
    rotation = np.array([[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]])
    return rgb @ (np.linalg.inv(yiq) @ rotation @ yiq).T


def fda(rgb, other, beta):
    """Yang and Soatto, CVPR 2020: amplitudes of the lowest frequencies are the other picture's."""
    h, w = rgb.shape[:2]
    other = np.asarray(Image.fromarray((other * 255).astype("uint8")).resize((w, h), Image.BICUBIC)) / 255
    waves, foreign = (np.fft.fftshift(np.fft.fft2(x, axes=(0, 1)), axes=(0, 1)) for x in (rgb, other))
    amplitude, n, y, x = np.abs(waves), max(1, int(min(h, w) * beta)), h // 2, w // 2
    part = np.s_[y - n:y + n + 1, x - n:x + n + 1]
    amplitude[part] = np.abs(foreign)[part]
    return np.fft.ifft2(np.fft.ifftshift(amplitude * np.exp(1j * np.angle(waves)), axes=(0, 1)), axes=(0, 1)).real


def histogram(rgb, quantiles):
    """Each channel gets the quantiles of all target pictures."""
    result = np.empty_like(rgb)
    for c in range(3):
        ranks = np.argsort(np.argsort(rgb[..., c], axis=None, kind="stable"), kind="stable") / (rgb[..., c].size - 1)
        result[..., c] = np.interp(ranks, np.linspace(0, 1, 256), quantiles[c]).reshape(rgb.shape[:2])
    return result


# ---- features ----

def thin_network(module):
    class Thin(module.Network):
        """The distilled half of the probe's network, relu3_4 and relu5_1."""

        @torch.no_grad()
        def features(self, picture):
            k = 160 / min(picture.size)
            picture = picture.convert("RGB").resize([round(side * k) for side in picture.size], Image.LANCZOS)
            x = torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1)[None].float() / 255
            x = F.conv2d(x, self.thin["conv0.weight"], self.thin["conv0.bias"])
            for name in "1_1 1_2 - 2_1 2_2 - 3_1 3_2 3_3 3_4 - 4_1 4_2 4_3 4_4 - 5_1".split():
                if name == "-":
                    x = F.max_pool2d(x, 2)
                    continue
                weight, bias = self.thin[f"conv{name}.weight"], self.thin[f"conv{name}.bias"]
                x = F.relu(F.conv2d(F.pad(x, (1,) * 4, mode="reflect"), weight, bias))
                if name == "3_4":
                    middle = x
            x = F.relu(F.conv2d(x, self.thin["conv5_1_up.weight"], self.thin["conv5_1_up.bias"]))
            return torch.cat([F.adaptive_avg_pool2d(t, 2).flatten() for t in (middle, x)]).numpy()
    return Thin()


class Bench:
    def __init__(self, a, root):
        self.a, self.root, self.missed = a, root, []
        sys.path.insert(0, os.path.join(a.shared, "measure"))
        import few_shot_probe
        self.probe = few_shot_probe
        torch.set_num_threads(1)
        self.network = few_shot_probe.Network() if a.network == "probe" else thin_network(few_shot_probe)
        self.mirror = a.network == "probe"
        self.labelled = os.path.join(a.shared, "labelled")
        self.classes = sorted(os.listdir(os.path.join(self.labelled, "train")))

    def path(self, *names):
        return os.path.join(self.root, *names)

    def pastiche(self, *words):
        done = subprocess.run([self.a.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"pastiche {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout

    def features(self, folder):
        """class/stem: [plain, mirrored or not] of each picture, kept beside the folder."""
        kept = self.path("features", f"{self.a.network}-{os.path.relpath(folder, '/').replace('/', '_')}.npz")
        if not os.path.exists(kept):
            made = {}
            for stem, path in stems(folder).items():
                picture = Image.open(path)
                views = [picture] + ([picture.transpose(Image.FLIP_LEFT_RIGHT)] if self.mirror else [])
                made[stem] = np.stack([self.network.features(view) for view in views])
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            np.savez(kept, **made)
        return dict(np.load(kept))

    def test(self, domain):
        features = self.features(os.path.join(self.labelled, "test") if domain == "same" else self.path("test", domain))
        return (np.stack([views[0] for views in features.values()]),
                np.array([self.classes.index(stem.split("/")[0]) for stem in features]))

    def accuracy(self, train, domains, copies=None):
        """Mean accuracy and its standard error on each domain, and, "others", on the mean of those that aren't same."""
        originals, extra = self.features(train), self.features(copies) if copies else {}
        tests, scores = {domain: self.test(domain) for domain in domains}, {domain: [] for domain in domains}
        for draw in range(self.a.draws):
            rng, x, y = np.random.default_rng(draw), [], []
            for number, name in enumerate(self.classes):
                pictures = [stem for stem in originals if stem.startswith(name + "/")]
                for stem in rng.permutation(pictures)[:SHOTS]:
                    rows = [originals[stem]] + [v for k, v in extra.items() if k.startswith(stem + "-")]
                    x += [view for views in rows for view in views]
                    y += [number] * sum(len(views) for views in rows)
            apply = self.probe.fit(np.stack(x).astype(np.float32), np.array(y), len(self.classes))
            for domain, (pictures, truth) in tests.items():
                scores[domain].append(100 * (apply(pictures) == truth).mean())
        others = [domain for domain in domains if domain != "same"]
        if others:
            scores["others"] = np.mean([scores[domain] for domain in others], axis=0)
        return {domain: (np.mean(s), np.std(s) / len(s) ** 0.5) for domain, s in scores.items()}

    def tell(self, name, result):
        print(f"{name:34}" + "  ".join(f"{domain} {mean:.1f} ({error:.1f})" for domain, (mean, error) in result.items()),
              flush=True)
        return result

    def floor(self, name, value, least):
        self.missed += [name] if value < least else []
        print(f"{'':34}{name}: {value:.2f}, floor {least:.2f}{'' if value >= least else '   MISSED'}", flush=True)

    # ---- what is made ----

    def make(self, folder, make):
        """A folder that is made once, by make(folder)."""
        target = self.path(folder)
        if not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.rmtree(target + ".part", ignore_errors=True)
            make(target + ".part")
            os.rename(target + ".part", target)
        return target

    def shift(self, source, folder, domain, seed):
        return self.make(folder, lambda to: subprocess.run(
            [sys.executable, os.path.join(self.a.shared, "measure", "shift.py"), source, to, "--to", domain, "--seed",
             str(seed)], check=True))

    def change(self, folder, source, change, copies=1):
        """A folder of change(rgb, random numbers) for each picture of another."""
        def make(to):
            for stem, path in stems(source).items():
                for copy in range(copies):
                    save(change(pixels(path), random_of(folder, stem, copy)), os.path.join(to, f"{stem}-copy{copy}.jpg"))
        return self.make(folder, make)

    def half(self, name, first, count):
        """Some of the training pictures of each class."""
        def make(to):
            for number, (stem, path) in enumerate(stems(os.path.join(self.labelled, "train")).items()):
                if first <= number % 24 < first + count:
                    os.makedirs(os.path.join(to, os.path.dirname(stem)), exist_ok=True)
                    shutil.copy(path, os.path.join(to, stem + ".jpg"))
        return self.make(name, make)

    # ---- what is measured ----

    def augment(self):
        train, domains = os.path.join(self.labelled, "train"), ("same",) + DOMAINS
        made = {
            "plain copies": self.make("augment/plain", lambda to: self.pastiche(
                "augment", train, "-o", to, "--copies", COPIES, "--styles", "built-in", "--strength", "0.5", "--light",
                "0", "--plain", "0")),
            "colour jitter": self.change("augment/jitter", train, jitter, COPIES),
            "FDA between training pictures": self.change("augment/fda", train, lambda rgb, rng: fda(
                rgb, pixels(rng.choice(list(stems(train).values()))), rng.uniform(0.01, 0.05)), COPIES),
            "pastiche augment": self.make("augment/augment",
                                          lambda to: self.pastiche("augment", train, "-o", to, "--copies", COPIES)),
        }
        print(f"{COPIES} copies of each picture; accuracy in % (standard error)")
        none = self.tell("none", self.accuracy(train, domains))
        results = {name: self.tell(name, self.accuracy(train, domains, folder)) for name, folder in made.items()}
        mine = results.pop("pastiche augment")
        self.floor("same domain", mine["same"][0], none["same"][0] + SAME)
        self.floor("mean of the others", mine["others"][0], none["others"][0] + OTHERS)
        for name in "colour jitter", "FDA between training pictures":
            self.floor(f"others, more than {name}", mine["others"][0], results[name]["others"][0])
            self.floor(f"same, more than {name}", mine["same"][0], results[name]["same"][0])

    def adapted(self, source, domain, target):
        like = list(stems(target).values())
        quantiles = [np.quantile(np.concatenate([pixels(path)[::3, ::3, c].ravel() for path in like]),
                                 np.linspace(0, 1, 256)) for c in range(3)]
        pastiche = lambda *words: lambda to: self.pastiche("adapt", source, "-r", "--like", target, *words, "-o", to)
        return {
            "FDA": self.change(f"adapt/fda-{domain}", source,
                               lambda rgb, rng: fda(rgb, pixels(rng.choice(like)), 0.01)),
            "histograms": self.change(f"adapt/histogram-{domain}", source, lambda rgb, rng: histogram(rgb, quantiles)),
            "adapt, colour": self.make(f"adapt/colour-{domain}", pastiche()),
            "adapt, network": self.make(f"adapt/network-{domain}", pastiche("--method", "network", "--strength", "1")),
            "adapt, network and noise": self.make(f"adapt/network-noise-{domain}",
                                                  pastiche("--method", "network", "--strength", "1", "--noise",
                                                           "1")),
            "adapt, colour and noise": self.make(f"adapt/colour-noise-{domain}", pastiche("--noise", "1")),
        }

    def adapt(self):
        source, unlabelled = self.half("half/source", 0, 12), self.half("half/unlabelled", 12, UNLABELLED)
        shifted = {domain: self.shift(unlabelled, f"half/{domain}", domain, 7) for domain in DOMAINS}
        made = {domain: self.adapted(source, domain, shifted[domain]) for domain in DOMAINS}
        print("\nadapted to 40 unlabelled pictures")
        none = self.tell("none", self.accuracy(source, ("same",) + DOMAINS))
        cost, back = none["same"][0] - none["others"][0], {}
        for name in made["dusk"]:
            result = {domain: self.accuracy(source, (domain,), made[domain][name])[domain] for domain in DOMAINS}
            mean = np.mean([value for value, _ in result.values()])
            result["others"] = (mean, np.mean([error for _, error in result.values()]))
            back[name] = (mean - none["others"][0]) / cost
            self.tell(name, result)
        for name, share in back.items():
            print(f"{'':34}{name}: {100 * share:.0f} % of what the shift costs comes back")
        best = back["adapt, colour and noise"]
        self.floor("share that comes back", best, 0.5)
        self.floor("more than FDA", best, back["FDA"])
        self.floor("more than histograms", best, back["histograms"])
        return source, shifted, made

    def structure(self, source, shifted):
        print("\nstructure that is kept")
        for method, least in EDGES.items():
            edges, ssim = [], []
            for domain in DOMAINS:
                with tempfile.TemporaryDirectory() as folder:
                    lines = self.pastiche("adapt", source, "-r", "--like", shifted[domain], "--method", method, "--stats",
                                          "--json", "-o", folder).splitlines()
                kept = [event for event in map(json.loads, lines) if event["event"] == "structure"]
                edges.append(np.mean([event["edges"] for event in kept]))
                ssim.append(np.mean([event["ssim"] for event in kept]))
            words = "  ".join(f"{d} {e:.3f}, SSIM {s:.3f}" for d, e, s in zip(DOMAINS, edges, ssim))
            print(f"{method:34}{words}")
            self.floor(f"edges, {method}", np.mean(edges), least)

    def gap(self, source, shifted, made):
        print("\ngap to the target: Frechet distance, error of a classifier")
        for domain in DOMAINS:
            words = []
            for name, folder in ("before", source), ("after", made[domain]["adapt, colour and noise"]):
                gap = json.loads(self.pastiche("gap", folder, shifted[domain], "--json"))
                words.append(f"{name} {gap['frechet']:.3f}, {100 * gap['classifier_error']:.1f} %")
            print(f"{domain:34}" + "    ".join(words))

    def classify(self):
        train, copies = os.path.join(self.labelled, "train"), self.path("augment", "augment")
        folders = {"same": os.path.join(self.labelled, "test"), **{d: self.path("test", d) for d in DOMAINS}}
        print("\nthe program's own classifier")
        for name, extra in ("without copies", False), ("with copies", True):
            scores = {domain: [] for domain in folders}
            for draw in range(HEADS):
                with tempfile.TemporaryDirectory() as folder:
                    rng = np.random.default_rng(draw)
                    for kind in self.classes:
                        os.mkdir(os.path.join(folder, kind))
                        for path in rng.permutation(sorted(glob.glob(f"{train}/{kind}/*.jpg")))[:SHOTS]:
                            stem = os.path.basename(path)[:-4]
                            for one in [path] + (glob.glob(f"{copies}/{kind}/{stem}-copy*") if extra else []):
                                os.symlink(one, os.path.join(folder, kind, os.path.basename(one)))
                    model = os.path.join(folder, "a.classifier")
                    self.pastiche("classify", "train", folder, "-o", model)
                    for domain, pictures in folders.items():
                        told = json.loads(self.pastiche("classify", "--model", model, "--score", pictures, "--json"))
                        scores[domain].append(100 * told["accuracy"])
            self.tell(name, {d: (np.mean(s), np.std(s) / len(s) ** 0.5) for d, s in scores.items()})

    def run(self):
        for domain in DOMAINS:
            self.shift(os.path.join(self.labelled, "test"), f"test/{domain}", domain, 1)
        self.augment()
        source, shifted, made = self.adapt()
        self.structure(source, shifted)
        self.gap(source, shifted, made)
        self.classify()
        print("\n" + (f"missed: {'; '.join(self.missed)}" if self.missed else "all floors are reached"))
        return 1 if self.missed else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("--shared", default=os.environ.get("PASTICHE_SHARED") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared"))
    ap.add_argument("--network", choices=("thin", "probe"), default="thin")
    ap.add_argument("--draws", type=int, default=20)
    ap.add_argument("--keep")
    a = ap.parse_args()
    a.program, a.shared = os.path.abspath(a.program), os.path.abspath(a.shared)
    if not os.path.isdir(os.path.join(a.shared, "labelled")):
        print(f"{a.shared}/labelled: isn't there; nothing is measured")
        return 77
    if a.keep:
        os.makedirs(a.keep, exist_ok=True)
        return Bench(a, os.path.abspath(a.keep)).run()
    with tempfile.TemporaryDirectory() as folder:
        return Bench(a, folder).run()


if __name__ == "__main__":
    sys.exit(main())
