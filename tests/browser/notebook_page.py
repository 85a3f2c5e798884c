"""Driving a notebook in JupyterLab as a learner does."""

from __future__ import annotations

from typing import Any

READY = """async () => {
  const widget = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  if (!widget || !widget.sessionContext) return false;
  await widget.sessionContext.ready;
  const kernel = widget.sessionContext.session && widget.sessionContext.session.kernel;
  if (!kernel) return false;
  await kernel.info;
  return kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""

SET_SOURCE = """([id, source]) => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  for (let i = 0; i < cells.length; i++) {
    if (cells.get(i).id === id) { cells.get(i).sharedModel.setSource(source); return true; }
  }
  return false;
}"""

# Only cells near the visible part of a long notebook are drawn: scroll there, then read.
OUTPUTS = """(id) => {
  const content = window.jupyterapp.shell.currentWidget.content;
  const index = content.widgets.findIndex(cell => cell.model.id === id);
  if (index < 0) return 'there is no cell ' + id;
  content.scrollToItem(index);
  const area = content.widgets[index].node.querySelector('.jp-Cell-outputArea');
  return area ? area.innerText : '';
}"""


class NotebookPage:
    """One open notebook."""

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        page.goto(url)
        page.wait_for_selector(".jp-NotebookPanel", timeout=60_000)
        # waiting for the idle indicator alone lets Run All run nothing at all
        page.wait_for_function(READY, timeout=60_000)

    def run_all(self) -> None:
        """Run every cell; returns when the last one has finished."""
        self.page.evaluate(
            "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
        )

    def write(self, cell_id: str, source: str) -> None:
        """Replace the text of a cell."""
        assert self.page.evaluate(SET_SOURCE, [cell_id, source]), f"there is no cell {cell_id}"

    def output(self, cell_id: str) -> str:
        """What a reader sees below a cell."""
        return str(self.page.wait_for_function(OUTPUTS, arg=cell_id, timeout=30_000).json_value())

    def save(self) -> None:
        """Save the notebook and wait until it is on disk."""
        self.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")
