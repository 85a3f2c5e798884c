"""What the warm process loads and runs once, so that no submission pays for it.

Importing is not enough: the first figure and the first fit load more (measured: 1.6 s for a figure). It
never runs a solution: whatever stands in its memory is there for every submission to read.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

_VENDORS = ("pagerduty", "opsgenie_sdk", "atlassian.statuspage", "jira")
"""The clients of the ops desk; they took a lesson 1.0 s of CPU."""


def warm_up() -> None:
    """Load the libraries of the course and use each once, with one thread."""
    _patch_debugger()
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.history import HistoryManager

    HistoryManager.enabled = False
    # plotly looks for a notebook's shell when it is imported, and without one draws nothing (measured)
    ZMQInteractiveShell.instance()
    try:
        _use_libraries()
    finally:
        ZMQInteractiveShell.clear_instance()
    gc.collect()
    gc.freeze()


def count_threads() -> int:
    """Threads of this process, native ones too: a fork copies only one of them."""
    tasks = Path("/proc/self/task")
    return sum(1 for _ in tasks.iterdir()) if tasks.is_dir() else 1


def _patch_debugger() -> None:
    # doctest derives from pdb's class when it is imported, and the kernel replaces that class: first this
    import pdb

    from IPython.core import debugger

    debugger.Pdb = debugger.InterruptiblePdb
    pdb.Pdb = debugger.Pdb
    pdb.set_trace = debugger.set_trace


def _use_libraries() -> None:
    from importlib import import_module

    import numpy as np
    import pandas as pd
    import plotly.express as px
    import plotly.graph_objects as go
    from IPython.display import display
    from IPython.utils.capture import capture_output
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    import aiir_lab

    for name in aiir_lab.__all__:
        getattr(aiir_lab, name)
    # the kernel's own parts; the questions stay out, with them the criteria
    for module in ("aiir_lab.grade.sandbox.kernel", "ipywidgets", "yaml", "duckdb"):
        import_module(module)
    for module in _VENDORS:
        with suppress(ImportError):  # an extra
            import_module(module)
    with threadpool_limits(limits=1):
        values = np.random.default_rng(0).normal(size=(60, 2))
        LogisticRegression().fit(values, values[:, 0] > 0)
        frame = pd.DataFrame(values, columns=["a", "b"])
        frame.groupby(frame["a"] > 0)["b"].agg(["mean", "median"]).to_html()
        frame.to_json()
        figure = go.Figure(go.Scatter(x=frame["a"], y=frame["b"]))
        with capture_output():
            display(figure, frame)
        figure.to_json()
        # each kind of figure loads parts of its own
        go.Figure(go.Heatmap(z=[[1]])).add_vline(x=0)
        px.line(frame, x="a", y="b")
        _use_course()


def _use_course() -> None:
    import aiir_lab as lab

    lab.draw_catalogue(lab.public_postmortems())
    record = lab.load_postmortem("gitlab-2017")
    lab.review_language("The deploy was not reviewed. Somebody was careless.")
    lab.draw_timeline(record)
    run = lab.simulate("fraud_poisoning", seed=1, size="sample")
    run.observe()
    lab.draw_table(lab.load_vignettes().head(2))
    lab.load_severity_matrix()
    lab.load_escalation_matrix()
