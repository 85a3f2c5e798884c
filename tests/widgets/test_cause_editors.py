"""The editors of causes: what they hold, what they remark, and what they are without a front end."""

from __future__ import annotations

import pytest

from aiir_lab import draw_causes, edit_causes, edit_fishbone, edit_whys, load_postmortem
from aiir_lab.records import AiirError, Cause, CauseGraph
from aiir_lab.records.causes import Strand
from aiir_lab.widgets.causes import WhysEditor
from aiir_lab.widgets.causes.remarks import remark_on_bones, remark_on_whys

PROBLEM = "The fraud model approved stolen cards for two days"
TREE = f"""{PROBLEM}
- [technical] It was retrained on labels that attackers had sent
    - [process] Feedback rows enter training without any check of their source
- [tooling] No alert watches the recall by merchant"""


@pytest.fixture
def editor() -> WhysEditor:
    return edit_whys(CauseGraph.from_outline(TREE))


class TestWhys:
    def test_it_begins_empty_and_asks(self) -> None:
        editor = edit_whys(PROBLEM)
        assert editor.graph == CauseGraph(problem=PROBLEM)
        assert "Write the first answer" in editor.feedback.value

    def test_written_with_the_buttons(self) -> None:
        editor = edit_whys(PROBLEM)
        editor.branch_button.click()
        editor.rows[0].text.value = "The labels were false"
        editor.rows[0].why.click()
        editor.rows[1].text.value = "Nobody owns the labels"
        editor.rows[1].beside.click()
        editor.rows[2].text.value = "The feedback channel has no check of its source"
        for _ in range(2):
            editor.rows[1].strand.click()
        graph = editor.graph
        assert graph.chains() == [
            ["The labels were false", "Nobody owns the labels"],
            ["The labels were false", "The feedback channel has no check of its source"],
        ]
        assert graph.causes[1].strand is Strand.PROCESS
        assert editor.rows[1].strand.description == "process"

    def test_an_unwritten_answer_is_left_out_and_its_causes_are_kept(self, editor: WhysEditor) -> None:
        editor.rows[0].text.value = "  "
        assert editor.graph.causes[0].leads_to == ("problem",)
        assert len(editor.graph.causes) == 2

    def test_removing_an_answer_moves_its_causes_up(self, editor: WhysEditor) -> None:
        editor.rows[0].drop.click()
        assert [row.text.value for row in editor.rows] == [
            "Feedback rows enter training without any check of their source",
            "No alert watches the recall by merchant",
        ]
        assert all(cause.leads_to == ("problem",) for cause in editor.graph.causes)

    def test_the_problem_can_be_reworded_but_not_emptied(self, editor: WhysEditor) -> None:
        editor.problem.value = "Stolen cards were approved"
        assert editor.graph.problem == "Stolen cards were approved"
        editor.problem.value = ""
        assert editor.graph.problem == "Stolen cards were approved"
        assert editor.problem.value == "Stolen cards were approved"

    @pytest.mark.parametrize(
        ("answer", "sign", "said"),
        [
            ("An engineer forgot to switch the check on", "✗", "how that was possible"),
            (PROBLEM, "✗", "explains nothing"),
            ("The batch of 4 March contained 600 false labels", "◐", "what let it happen"),
            ("No team owns the quality of the feedback table", "✓", "condition that the organisation"),
            ("🔥", "✗", "holds no words"),
        ],
    )
    def test_each_branch_is_judged(self, answer: str, sign: str, said: str) -> None:
        editor = edit_whys(PROBLEM)
        editor.add(answer)
        assert str(editor.remarks[0])[0] == sign
        assert said in editor.feedback.value

    def test_one_branch_alone_is_remarked_and_two_are_not(self, editor: WhysEditor) -> None:
        assert "One branch only" not in editor.feedback.value
        editor.remove("2")
        assert "One branch only" in editor.feedback.value

    def test_the_code_makes_the_same_graph(self, editor: WhysEditor) -> None:
        editor.add('A path "C:\\temp" with """ in it', below="1.1", strand="tooling")
        made = eval(editor.code, {"lab": __import__("aiir_lab")})
        assert made.to_outline() == editor.graph.to_outline()
        editor.code_button.click()
        assert editor.code_box.layout.display == ""
        assert editor.code_box.value == editor.code

    def test_markup_in_an_answer_is_shown_as_text(self) -> None:
        editor = edit_whys("Is <b> safe?")
        editor.add("<img src=x onerror=alert(1)>")
        assert "<img" not in editor.feedback.value

    def test_a_cause_of_two_effects_is_edited_once_and_keeps_both(self) -> None:
        graph = load_postmortem("zillow-offers-2021").cause_graph
        assert graph is not None
        editor = edit_whys(graph)
        assert len(editor.rows) == len(graph.causes)
        assert editor.graph == graph

    def test_it_stands_as_text_and_can_be_written_without_widgets(self, editor: WhysEditor) -> None:
        assert editor.add("A dashboard shows the mean only", below="2", strand="tooling") == "2.1"
        text = repr(editor)
        assert "2.1 [tooling] A dashboard shows the mean only" in text
        assert "◐ Branch 2, “A dashboard shows the mean only”, ends at a mechanism" in text
        assert editor._repr_mimebundle_()["text/plain"] == text

    @pytest.mark.parametrize("start", ["", "  ", None, 7, ["x"]])
    def test_what_is_no_start_is_refused(self, start: object) -> None:
        with pytest.raises(AiirError, match="starts from a problem"):
            edit_whys(start)  # type: ignore[arg-type]

    @pytest.mark.parametrize("change", [{"below": "9"}, {"strand": "weather"}])
    def test_an_unknown_place_is_refused_with_the_known_ones(
        self, editor: WhysEditor, change: dict[str, str]
    ) -> None:
        with pytest.raises(AiirError, match=r"1\.1|technical"):
            editor.add("x", **change)


class TestFishbone:
    def test_both_editors_are_views_of_one_graph(self, editor: WhysEditor) -> None:
        bones = edit_fishbone(editor)
        editor.add("Releases go out on Fridays", strand="process")
        assert [row.text.value for row in bones.rows[Strand.PROCESS]] == [
            "Feedback rows enter training without any check of their source",
            "Releases go out on Fridays",
        ]
        bones.rows[Strand.TOOLING][0].text.value = "No alert watches any cohort"
        assert editor.graph.causes[2].text == "No alert watches any cohort"
        assert editor.rows[2].text.value == "No alert watches any cohort"

    def test_written_with_the_buttons(self) -> None:
        bones = edit_fishbone("Goods were mislabelled")
        bones.add_buttons[Strand.TOOLING].click()
        bones.rows[Strand.TOOLING][0].text.value = "No alert watches a slice"
        assert bones.graph.causes[0].strand is Strand.TOOLING
        bones.rows[Strand.TOOLING][0].strand.click()  # the next one: not placed
        assert bones.graph.causes[0].strand is None
        assert len(bones.rows[None]) == 1

    def test_the_figure_shows_what_is_written(self) -> None:
        bones = edit_fishbone("Goods were mislabelled")
        assert "No contributing factor" in str(bones.figure.outputs)
        bones.add("No slice was tested", strand="process")
        output = bones.figure.outputs[0]["data"]
        assert "No slice was tested" in str(output["application/vnd.plotly.v1+json"])
        assert output["text/plain"].startswith("Fishbone of the problem")

    def test_empty_bones_and_persons_are_remarked(self) -> None:
        bones = edit_fishbone("Goods were mislabelled")
        bones.add("The engineer forgot the slice test", strand="process")
        bones.add("Somewhere")
        text = repr(bones)
        assert "tells what somebody did" in text
        assert "Nothing on the bone technical" in text
        assert "Not placed on a bone yet: 1" in text

    def test_a_full_fishbone_is_praised(self, editor: WhysEditor) -> None:
        assert [str(remark)[0] for remark in edit_fishbone(editor).remarks] == ["✓"]


def test_a_condition_without_words_gets_a_remark() -> None:
    graph = CauseGraph(problem="It broke", causes=(Cause(id="a", text="🔥", leads_to=("problem",)),))
    for remark in (remark_on_bones, remark_on_whys):
        assert "holds no words" in str(remark(graph)[0])


class TestGraph:
    def test_a_cause_feeds_two_strands(self, editor: WhysEditor) -> None:
        graph = edit_causes(editor)
        row = next(row for row in graph.rows if row.text.value.startswith("Feedback rows"))
        below = graph.rows[-1].item.id  # the alert, of another strand
        row.effects[below].click()
        assert set(row.item.leads_to) == {"cause-1", below}
        assert row.effects[below].description.startswith("✓")
        assert "they meet" not in graph.feedback.value
        for one in graph.rows:
            one.evidence.value = "labels: channel"
        assert "they meet" in graph.feedback.value
        assert editor.graph == graph.graph, "one draft behind both"
        assert editor.graph.causes[0].evidence == "labels: channel"
        assert "behind several others" in draw_causes(graph.graph).layout.title.text

    def test_what_would_close_a_circle_is_not_offered(self, editor: WhysEditor) -> None:
        graph = edit_causes(editor)
        first, second = graph.rows[0], graph.rows[1]
        assert second.item.leads_to == (first.item.id,)
        offered = [button.description for button in first.effect_box.children[1:]]
        assert offered == ["✓ problem", "2"]
        with pytest.raises(AiirError, match="circle"):
            graph.link("1", "1.1")

    def test_the_last_effect_stays(self, editor: WhysEditor) -> None:
        graph = edit_causes(editor)
        graph.unlink("1", "problem")
        assert graph.draft.item("cause-1").leads_to == ("problem",)

    def test_written_from_nothing(self) -> None:
        graph = edit_causes(PROBLEM)
        graph.add_button.click()
        graph.rows[0].text.value = "Nobody owns the labels"
        assert graph.graph.causes[0].leads_to == ("problem",)
        assert "opinion" in graph.feedback.value
