#!/usr/bin/python3
"""Make the fixture of vae.c: what PyTorch makes of some steps of the style space's training.

    vae.py OUTPUT
"""
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "pytorch"))
import safetensors
from style_space import Autoencoder, critic, critic_loss, vae_losses

WIDTH, LATENT, HIDDEN, ROWS, STEPS = 40, 6, 24, 16, 5
KL, ADVERSARY, RATE = 0.3, 0.05, 1e-2


def main(output):
    torch.manual_seed(1)
    vae, judge = Autoencoder(WIDTH, LATENT, HIDDEN), critic(LATENT, HIDDEN)
    x, noise = torch.randn(STEPS, ROWS, WIDTH), torch.randn(STEPS, ROWS, LATENT)
    prior = torch.randn(STEPS, ROWS, LATENT)
    tensors = {"x": x, "noise": noise, "prior": prior, "start": vae.row(),
               "critic": torch.cat([p.detach().reshape(-1) for p in judge.parameters()])}
    first = torch.optim.Adam(vae.parameters(), RATE)
    second = torch.optim.Adam(judge.parameters(), RATE, betas=(0.5, 0.999))
    losses = []
    for step in range(STEPS):
        mean, spread, y = vae(x[step], noise[step])
        error, divergence = vae_losses(x[step], y, mean, spread)
        real, fake = critic_loss(judge, prior[step], True), critic_loss(judge, mean.detach(), False)
        fooled = critic_loss(judge, mean, True)
        second.zero_grad()
        gradients = torch.autograd.grad(error + KL * divergence + ADVERSARY * fooled, list(vae.parameters()))
        (real + fake).backward()
        second.step()
        for parameter, gradient in zip(vae.parameters(), gradients):
            parameter.grad = gradient
        first.step()
        losses.append([v.item() for v in (error, divergence, real, fake)])
    tensors["losses"] = torch.tensor(losses)
    tensors["end"] = vae.row()
    tensors["critic_end"] = torch.cat([p.detach().reshape(-1) for p in judge.parameters()])
    safetensors.save(output, {name: np.ascontiguousarray(t.detach().numpy(), np.float32) for name, t in tensors.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
