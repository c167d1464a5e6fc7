"""The style space in PyTorch: the twin of engine/space/vae.h, and what reads its file."""
import numpy as np
import torch
import torch.nn.functional as F

import safetensors

CHANNELS = 240  # means come first, then as many deviations
REACH = 8


class Autoencoder(torch.nn.Module):
    """Layers in the order of their places in the row of parameters; see engine/space/vae.h."""

    def __init__(self, width, latent, hidden):
        super().__init__()
        self.encode_hidden = torch.nn.Linear(width, hidden)
        self.mean = torch.nn.Linear(hidden, latent)
        self.mean_skip = torch.nn.Linear(width, latent, bias=False)
        self.spread = torch.nn.Linear(hidden, latent)
        self.decode_hidden = torch.nn.Linear(latent, hidden)
        self.out = torch.nn.Linear(hidden, width)
        self.out_skip = torch.nn.Linear(latent, width, bias=False)

    def encode(self, x):
        h = F.silu(self.encode_hidden(x))
        return self.mean(h) + self.mean_skip(x), self.spread(h)

    def decode(self, z):
        return self.out(F.silu(self.decode_hidden(z))) + self.out_skip(z)

    def forward(self, x, noise):
        mean, spread = self.encode(x)
        return mean, spread, self.decode(mean + torch.exp(spread / 2) * noise)

    def row(self):
        return torch.cat([p.detach().reshape(-1) for p in self.parameters()])


def vae_losses(x, y, mean, spread):
    """Mean squared error, and divergence per number of a row."""
    divergence = 0.5 * (mean ** 2 + spread.exp() - spread - 1).sum(1).mean() / x.shape[1]
    return ((y - x) ** 2).mean(), divergence


def critic(latent, hidden):
    layers = [torch.nn.Linear(latent, hidden), torch.nn.SiLU(), torch.nn.Linear(hidden, hidden), torch.nn.SiLU(),
              torch.nn.Linear(hidden, 1)]
    return torch.nn.Sequential(*layers)


def critic_loss(judge, z, real):
    return F.softplus((-1 if real else 1) * judge(z)).mean()


class Space:
    """data/space.safetensors."""

    def __init__(self, path):
        self.tensors = {name: torch.from_numpy(np.array(value, np.float32))
                        for name, value in safetensors.load(path)[0].items()}
        latent, hidden = self.tensors["mean.weight"].shape
        self.vae = Autoencoder(2 * CHANNELS, latent, hidden)
        names = {"encode_hidden": "encode", "decode_hidden": "decode"}
        with torch.no_grad():
            for name, parameter in self.vae.named_parameters():
                layer, kind = name.split(".")
                parameter.copy_(self.tensors[f"{names.get(layer, layer)}.{kind}"])
        self.latent = latent

    def standardise(self, statistics):
        """x of statistics [n][480], NumPy in and out."""
        values = np.concatenate([statistics[:, :CHANNELS], np.log(np.maximum(statistics[:, CHANNELS:], 1e-6))], 1)
        x = (values - self.tensors["mean"].numpy()) / self.tensors["deviation"].numpy()
        return np.clip(x, -REACH, REACH).astype(np.float32)

    def restore(self, x):
        values = np.clip(x, -REACH, REACH) * self.tensors["deviation"].numpy() + self.tensors["mean"].numpy()
        return np.concatenate([np.maximum(values[:, :CHANNELS], 0), np.exp(values[:, CHANNELS:])], 1)

    def reconstruct(self, x):
        with torch.no_grad():
            return self.vae.decode(self.vae.encode(torch.from_numpy(x))[0]).numpy()

    def draw(self, n, seed):
        """Random styles, standardised."""
        generator = torch.Generator().manual_seed(seed)
        rest = self.tensors["rest"]
        with torch.no_grad():
            x = self.vae.decode(torch.randn(n, self.latent, generator=generator)) + self.tensors["rest_mean"]
            return (x + torch.randn(n, len(rest), generator=generator) @ rest).numpy()
