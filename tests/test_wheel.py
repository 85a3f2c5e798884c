"""The wheel alone, in an empty environment, gives the whole course."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the tree as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True
    )
    return next(folder.glob("*.whl"))


def test_wheel_carries_the_course(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "aiir_lab/_course/notebooks/start_here.ipynb" in names
    assert "aiir_lab/_course/datasets/datapackage.json" in names
    assert not [name for name in names if "checkpoint" in name or name.endswith((".pyc", "uv.lock"))]


@pytest.mark.slow
def test_wheel_alone_gives_the_course(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    install(environment, wheel)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    away = tmp_path / "away"
    away.mkdir()
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}

    def run(*command: str) -> str:
        done = subprocess.run(
            [str(programs / command[0]), *command[1:]],
            cwd=away,
            env=clean,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    assert "notebooks copied" in run("aiir", "lab", "course", "--no-start")
    assert "Score: 0 of" in run("aiir", "check", "course/beginner/02_anatomy_of_a_postmortem.ipynb")
    assert int(run("python", "-c", "import aiir_lab as lab; print(len(lab.public_postmortems()))")) >= 20
    assert "everything" in run("aiir", "doctor").lower()


def install(environment: Path, wheel: Path) -> None:
    """An empty environment with the wheel and what it depends on; uv, where it is there, is fast."""
    uv = shutil.which("uv")
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if uv:
        newest = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["exclude-newer"]
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
        command = [uv, "pip", "install", "--quiet", "--exclude-newer", newest, "--python", str(python)]
    else:
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        command = [str(python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*command, str(wheel)], check=True, cwd=environment)
