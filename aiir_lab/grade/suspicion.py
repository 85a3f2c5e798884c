"""Code in a submission that an instructor may want to look at: a reason to look, never proof of anything.

Nothing depends on it: what a submission can do is limited by the sandbox, and its score by its answers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_MODULES = {
    "builtins", "code", "ctypes", "ftplib", "gc", "http", "importlib", "inspect", "marshal", "mmap",
    "multiprocessing", "pickle", "ptrace", "requests", "resource", "runpy", "shutil", "signal", "socket",
    "subprocess", "threading", "traceback", "types", "unittest", "urllib", "IPython", "ipykernel", "zmq",
    "nbgrader", "jupyter_client",
}  # fmt: skip
_IMPORTS = {"aiir_lab.grade", "_thread", "_ctypes"}
_ATTRIBUTES = {
    "os": {
        "_exit", "abort", "chmod", "environ", "execv", "execve", "fork", "forkpty", "kill", "killpg", "link",
        "listdir", "mkfifo", "popen", "remove", "scandir", "symlink", "system", "unlink", "walk",
    },
    "sys": {
        "_getframe", "displayhook", "excepthook", "exit", "meta_path", "modules", "path", "setprofile",
        "setrecursionlimit", "settrace",
    },
    "lab": {"grade"},
    "aiir_lab": {"grade"},
}  # fmt: skip
_NAMES = {
    "__builtins__",
    "__import__",
    "compile",
    "eval",
    "exec",
    "exit",
    "get_ipython",
    "input",
    "quit",
    "setattr",
}
_TEXTS = (
    (re.compile(r"application/vnd\.aiir|AIIR_CHECK"), "the mark of an answer"),
    (
        re.compile(
            r"^/(?:tmp|usr|var|work)|/proc/|/etc/|/root|/home/|/dev/|\.\./|gradebook|submitted/|autograded|keys/|\.ipython"
        ),
        "a path outside",
    ),
    (re.compile(r"<script|javascript:|\bon\w+=|<iframe|<object|<meta", re.I), "active HTML"),
    (re.compile(r"\w\.py$"), "a module of its own"),
)
_COMPARISONS = {"__eq__", "__hash__", "__reduce__", "__float__", "__repr__", "__class__", "__getattribute__"}
MOST = 12
"""Reasons that are named per cell."""


def look_at(source: str) -> list[str]:
    """What stands out in the code of one cell.

    Examples
    --------
    >>> look_at("import socket")
    ['the module socket']
    >>> look_at("minutes = pm.timeline.metrics()['time_to_detect'].minutes")
    []
    """
    lines = source.splitlines()
    magics = [line.strip()[:40] for line in lines if line.lstrip().startswith(("%", "!"))]
    found = [f"the command {line!r}" for line in magics]
    try:
        tree = ast.parse("\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for reason in _walk(tree):
        if reason not in found:
            found.append(reason)
    return found[:MOST]


def _walk(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{name}" for name in names] if node.module else []
            for name in names:
                if name.split(".")[0] in _MODULES or name.startswith(tuple(_IMPORTS)):
                    yield f"the module {name.split('.')[0] if name.split('.')[0] in _MODULES else name}"
        elif isinstance(node, ast.Attribute):
            root = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in _ATTRIBUTES.get(root, ()):
                yield f"{root}.{node.attr}"
            elif node.attr.startswith("__") and node.attr not in {
                "__name__",
                "__version__",
                "__doc__",
                "__init__",
            }:
                yield f"the attribute {node.attr}"
            if isinstance(node.ctx, ast.Store) and root in {
                "lab",
                "aiir_lab",
                "pd",
                "np",
                "sys",
                "os",
                "json",
            }:
                yield f"a new {root}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            yield f"the name {node.id}"
        elif isinstance(node, ast.FunctionDef) and node.name in _COMPARISONS:
            yield f"a method {node.name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern, what in _TEXTS:
                if pattern.search(node.value):
                    yield what
        elif isinstance(node, ast.Raise) and node.exc is not None and "Exit" in ast.unparse(node.exc):
            yield "an exit"
