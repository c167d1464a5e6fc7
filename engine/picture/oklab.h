/* Oklab, in which distances between colours are about as they are seen: lightness 0..1, and two axes of colour, 0 for
 * grey. Ottosson, "A perceptual color space for image processing", 2020. */
#pragma once

/** Oklab of an sRGB-encoded colour, which is clamped to 0..1. */
void pst_oklab(const float rgb[3], float lab[3]);

/** The sRGB-encoded colour, within 0..1. Lightness is clamped to 0..1; what sRGB has not is made as colourful as sRGB
 *  has it at that lightness and hue. */
void pst_oklab_to_srgb(const float lab[3], float rgb[3]);
