"""The action-plan board: who does what until when, in columns, with a verdict while it is written."""

from aiir_lab.widgets.board.board import ActionBoard, action_board

__all__ = ["ActionBoard", "action_board"]
