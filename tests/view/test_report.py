from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from aiir_lab.records import AiirError, Postmortem
from aiir_lab.view import export_report, export_slides
from aiir_lab.view.page import escape_markdown

OUTSIDE = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""")


def without_plotly(page: str) -> str:
    """The page without the longest script, which is plotly.js."""
    scripts = re.findall(r"<script[^>]*>.*?</script>", page, flags=re.S)
    return page.replace(max(scripts, key=len), "") if scripts else page


def test_both_forms_tell_the_incident(pm, tmp_path):
    paths = export_report(pm, tmp_path / "new" / "folder")
    assert {format: path.name for format, path in paths.items()} == {"md": "inc-7.md", "html": "inc-7.html"}
    for path in paths.values():
        text = path.read_text(encoding="utf-8")
        for part in (pm.title, pm.trigger, "SEV2", "12 min", "onset → detected", "not given", "MEASURE 2.11"):
            assert part in text, (path.name, part)
        assert text.index("Block promotion") < text.index("Write a wiki page")


def test_the_page_stands_alone(pm, tmp_path):
    page = export_report(pm, tmp_path, formats=["html"])["html"].read_text(encoding="utf-8")
    assert page.count("plotly.js v") == 1
    assert page.count("aiirDraw(") == 3  # timeline, communication, fishbone
    own = without_plotly(page).replace(
        'href="https://example.org/pm"', ""
    )  # a source, for the reader to follow
    assert not OUTSIDE.search(own)
    assert "default-src 'none'" in own
    assert own.count('role="img" aria-label="') == 3


def test_the_same_post_mortem_gives_the_same_page(pm, tmp_path):
    one = export_report(pm, tmp_path / "a")
    other = export_report(pm, tmp_path / "b")
    assert all(one[format].read_bytes() == other[format].read_bytes() for format in one)


def test_a_file_that_is_there_is_kept(pm, tmp_path):
    (tmp_path / "inc-7.md").write_text("mine", encoding="utf-8")
    paths = export_report(pm, tmp_path)
    assert {path.name for path in paths.values()} == {"inc-7-2.md", "inc-7-2.html"}
    assert (tmp_path / "inc-7.md").read_text(encoding="utf-8") == "mine"
    export_report(pm, tmp_path, overwrite=True)
    assert (tmp_path / "inc-7.md").read_text(encoding="utf-8") != "mine"


def test_a_post_mortem_with_a_title_only_says_what_is_missing(tmp_path):
    paths = export_report(Postmortem(id="a", title="Only a title"), tmp_path)
    for path in paths.values():
        text = path.read_text(encoding="utf-8")
        for gap in (
            "No summary is written yet",
            "The account names no trigger",
            "The timeline has no events",
        ):
            assert gap in text
    assert "<script" not in paths["html"].read_text(encoding="utf-8")


@pytest.mark.parametrize("export", [export_report, export_slides])
def test_nothing_hostile_becomes_markup(hostile, tmp_path, export):
    page = without_plotly(export(hostile, tmp_path, formats=["html"])["html"].read_text(encoding="utf-8"))
    scripts = re.findall(r"<script(.*?)>", page)
    assert scripts
    assert all(re.fullmatch(r' nonce="[0-9a-f]{32}"', script) for script in scripts)
    assert "<img" not in page
    assert "<b>" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert 'href="https://x.org/"onclick' not in page
    assert page.count("</style>") == 1


def test_nothing_hostile_in_the_markdown(hostile, tmp_path):
    text = export_report(hostile, tmp_path, formats="md")["md"].read_text(encoding="utf-8")
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "javascript:" not in re.sub(r">[^<]*<", "><", shown)


@pytest.mark.parametrize(
    "text",
    ["*a* and _b_", "`code`", "[x](javascript:y)", "<b>", "# no", "1. no", "- no", "&lt;b&gt;", "snake_case"],
)
def test_markdown_shows_text_as_written(text):
    shown = MarkdownIt("commonmark").render(escape_markdown(text))
    expected = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown == f"<p>{expected}</p>\n"


@pytest.mark.parametrize("export", [export_report, export_slides])
def test_mistakes_are_explained(pm, tmp_path, export):
    with pytest.raises(AiirError, match=r"there is no 'docx'"):
        export(pm, tmp_path, formats=["docx"])
    with pytest.raises(AiirError, match=r"got '\.\./x'"):
        export(pm, tmp_path, name="../x")
    with pytest.raises(AiirError, match=r"load_postmortem"):
        export("gitlab-2017", tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AiirError, match="cannot be made"):
        export(pm, tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_disk_that_is_full_loses_nothing(pm, tmp_path, monkeypatch):
    paths = export_report(pm, tmp_path, formats=["md"])
    before = paths["md"].read_bytes()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(AiirError, match="No space left on device"):
        export_report(pm, tmp_path, formats=["md"], overwrite=True)
    assert paths["md"].read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["inc-7.md"]


def test_every_public_record_is_reported(public_record_path, tmp_path):
    record = Postmortem.from_file(public_record_path)
    text = export_report(record, tmp_path, formats=["md"])["md"].read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| \d+ \| ", text[text.index("## Timeline") : text.index("## Communication")], flags=re.M
    )
    assert len(rows) == len(record.timeline.events)
    # no blank line inside a table, or it would end there
    assert not re.search(r"\|\n\n\|", text)
