"""A release of an image-recognition API mislabels one kind of picture and hides some sellers' listings."""

from aiir_lab.simulate.vision_bias.pictures import read_pixels
from aiir_lab.simulate.vision_bias.world import VisionBias

__all__ = ["VisionBias", "read_pixels"]
