"""Editors of causes: 5 Whys and fishbone, two views of one cause graph."""

from aiir_lab.widgets.causes.fishbone import FishboneEditor, edit_fishbone
from aiir_lab.widgets.causes.whys import WhysEditor, edit_whys

__all__ = ["FishboneEditor", "WhysEditor", "edit_fishbone", "edit_whys"]
