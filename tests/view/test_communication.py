from __future__ import annotations

import pytest

from aiir_lab.records import AiirError, Message, Postmortem
from aiir_lab.view import alt_text, draw_communication
from aiir_lab.view.communication import in_time_order


def words(fig):
    return " ".join(annotation.text or "" for annotation in fig.layout.annotations)


def arrows(fig):
    return [annotation for annotation in fig.layout.annotations if annotation.showarrow]


def test_an_arrow_for_each_message_to_somebody_else(pm):
    fig = draw_communication(pm)
    assert len(fig.data) == 3
    assert len(arrows(fig)) == 2  # the third is a note to oneself
    assert fig.layout.title.text == "<b>3 messages between 3 parties, 1 without an exact time</b>"


def test_arrows_run_from_sender_to_receiver(pm):
    support_to_oncall, client_to_support = arrows(draw_communication(pm))
    lanes = {"support": support_to_oncall.ax, "on-call": support_to_oncall.x, "client": client_to_support.ax}
    assert client_to_support.x == lanes["support"]
    assert len(set(lanes.values())) == 3


def test_messages_stand_in_time_order(pm):
    assert [message.text for message in in_time_order(pm.messages)] == [
        "Complaint.", "Labels look wrong.", "Rolling back.",
    ]  # fmt: skip


def test_a_message_without_a_time_keeps_its_place():
    def message(text, at=None):
        return Message(sender="a", to="b", channel="c", text=text, at_utc=at)

    sample = [
        message("1"),
        message("2", "2026-03-02T09:00Z"),
        message("3"),
        message("4", "2026-03-02T10:00Z"),
    ]
    assert [item.text for item in in_time_order(sample)] == ["1", "2", "3", "4"]


def test_time_channel_and_text_are_written(pm):
    said = words(draw_communication(pm))
    for part in ("2026-03-02 09:40 UTC", "mail", "Labels look wrong.", "time unknown"):
        assert part in said


def test_many_parties_get_angled_names():
    messages = [
        Message(sender=f"department number {place}", to=f"authority number {place}", channel="c", text="t")
        for place in range(6)
    ]
    heads = [note for note in draw_communication(messages).layout.annotations if note.textangle]
    assert len(heads) == 12


def test_the_text_alternative_tells_every_message(pm):
    alt = alt_text(draw_communication(pm))
    assert all(message.text in alt and message.channel in alt for message in pm.messages)


@pytest.mark.parametrize("nothing", [[], Postmortem(id="a", title="b")])
def test_nothing_to_draw_is_said(nothing):
    assert "does not say who told whom" in words(draw_communication(nothing))


def test_hostile_text_stays_text(hostile):
    assert "<script" not in words(draw_communication(hostile))


def test_a_wrong_argument_is_explained():
    with pytest.raises(AiirError, match="list of Message"):
        draw_communication(["hello"])


def test_every_public_record_is_drawn_whole(public_record_path):
    record = Postmortem.from_file(public_record_path)
    assert len(draw_communication(record).data) == len(record.messages)
