from __future__ import annotations

import re
import stat
import sys

import pytest

from aiir_lab.records import AiirError
from aiir_lab.view import export_report, export_slides, print_pdf
from aiir_lab.view.pdf import find_browser


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<h1>Hello</h1>", encoding="utf-8")
    return path


@pytest.fixture
def fake_browser(tmp_path, monkeypatch):
    """A program in place of the browser, which does what the given script says."""
    if sys.platform == "win32":
        pytest.skip("shell scripts are no programs on Windows")

    def make(script):
        program = tmp_path / "browser"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("AIIR_BROWSER", str(program))

    return make


def test_without_a_browser_the_html_is_kept_and_the_way_out_is_named(page, tmp_path, monkeypatch):
    monkeypatch.setenv("AIIR_BROWSER", "no-such-browser-anywhere")
    with pytest.raises(AiirError, match="AIIR_BROWSER is 'no-such-browser-anywhere'") as caught:
        print_pdf(page, tmp_path / "out.pdf")
    assert str(page) in str(caught.value)
    monkeypatch.delenv("AIIR_BROWSER")
    monkeypatch.setattr("aiir_lab.view.pdf._NAMES", ())
    monkeypatch.setattr("aiir_lab.view.pdf._PLACES", ())
    with pytest.raises(AiirError, match="apt install chromium"):
        print_pdf(page, tmp_path / "out.pdf")


@pytest.mark.parametrize("export", [export_report, export_slides])
def test_a_report_without_a_browser_says_why_there_is_no_pdf(pm, tmp_path, monkeypatch, export):
    monkeypatch.setenv("AIIR_BROWSER", "no-such-browser-anywhere")
    paths = export(pm, tmp_path, formats=("html", "pdf"))
    assert set(paths) == {"html"}
    assert "AIIR_BROWSER" in paths.skipped["pdf"]
    assert "pdf: not written" in repr(paths)


def test_a_page_that_is_not_there(tmp_path):
    with pytest.raises(AiirError, match="There is no page"):
        print_pdf(tmp_path / "none.html", tmp_path / "out.pdf")


def test_a_browser_that_fails_is_quoted(page, tmp_path, fake_browser):
    fake_browser("echo 'cannot open display' >&2; exit 3")
    with pytest.raises(AiirError, match="cannot open display"):
        print_pdf(page, tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_a_browser_that_hangs_is_ended(page, tmp_path, fake_browser):
    fake_browser("sleep 60")
    with pytest.raises(AiirError, match=r"longer than 0\.5 seconds"):
        print_pdf(page, tmp_path / "out.pdf", timeout_seconds=0.5)


def test_a_failed_print_leaves_the_other_formats(pm, tmp_path, fake_browser):
    fake_browser("exit 3")
    paths = export_report(pm, tmp_path / "out", formats=("md", "html", "pdf"))
    assert set(paths) == {"md", "html"}
    assert "code 3" in paths.skipped["pdf"]


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser of the Chromium family is installed")
@pytest.mark.parametrize(("export", "least"), [(export_report, 2), (export_slides, 8)])
def test_the_pdf_has_pages(pm, tmp_path, export, least):
    paths = export(pm, tmp_path, formats=("pdf",))
    assert paths.skipped == {}
    assert pages(paths["pdf"]) >= least
    assert [path.suffix for path in tmp_path.iterdir()] == [".pdf"]


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser of the Chromium family is installed")
def test_each_slide_is_one_page(pm, tmp_path):
    assert pages(export_slides(pm, tmp_path, formats=("pdf",))["pdf"]) == 8
