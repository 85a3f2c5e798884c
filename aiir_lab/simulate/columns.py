"""Columns that every world documents in the same way, and the tables that some have in common."""

from __future__ import annotations

from aiir_lab.simulate.schema import Column, Table


def id_(meaning: str) -> Column:
    """Document a number that names something."""
    return Column("int", "id", meaning)


def time(meaning: str, *, planned: bool = False) -> Column:
    """Document a UTC time; `planned`: known in advance."""
    return Column("time", "UTC", meaning, planned=planned)


def text(meaning: str) -> Column:
    """Document a word or a sentence."""
    return Column("str", "", meaning)


def flag(meaning: str) -> Column:
    """Document a truth value."""
    return Column("bool", "", meaning)


def count(meaning: str) -> Column:
    """Document a whole number of things."""
    return Column("int", "count", meaning)


def rate(meaning: str) -> Column:
    """Document a share, from 0 to 1."""
    return Column("float", "rate 0-1", meaning)


def usd(meaning: str) -> Column:
    """Document an amount of money, to the cent."""
    return Column("float", "USD", meaning, decimals=2)


DEPLOYS = Table(
    "what was changed in production",
    {
        "deploy_id": id_("number of the change"),
        "at_utc": time("when"),
        "component": text("what"),
        "note": text("what the team wrote"),
    },
    visible_from="at_utc",
)
TICKETS = Table(
    "what people in the company wrote",
    {
        "ticket_id": id_("number of the ticket"),
        "opened_utc": time("when"),
        "queue": text("who gets it"),
        "text": text("what it says"),
    },
    visible_from="opened_utc",
)
