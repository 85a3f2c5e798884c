"""Editors of causes: 5 Whys, fishbone and graph, three views of one cause graph."""

from aiir_lab.widgets.causes.fishbone import FishboneEditor, edit_fishbone
from aiir_lab.widgets.causes.graph import GraphEditor, edit_causes
from aiir_lab.widgets.causes.whys import WhysEditor, edit_whys

__all__ = ["FishboneEditor", "GraphEditor", "WhysEditor", "edit_causes", "edit_fishbone", "edit_whys"]
