"""The controls that this shop lacked, and the decisions that its responders can take."""

from __future__ import annotations

from aiir_lab.simulate.controls import Control

CONTROLS = (
    Control(
        "input_provenance",
        "Chooses tools from the customer's own message; documents are quoted, never obeyed.",
        "prevent",
        "requests that stand only in a document are not understood",
        removes="mixed_context",
        references=("AML.M0030",),
    ),
    Control(
        "tool_allowlist",
        "Opens the refund tool only where an order of the last sixty days is on file.",
        "prevent",
        "customers with older orders are turned away",
        removes="open_tools",
        references=("AML.M0028",),
    ),
    Control(
        "human_approval",
        "A person approves each refund over 80 USD.",
        "prevent",
        "agents' hours; customers wait",
        removes="no_approval",
        latency_hours=4.0,
        references=("AML.M0029",),
    ),
    Control(
        "injection_filter",
        "A classifier trained on red-team documents closes the tools where a document reads like orders.",
        "prevent",
        "closes the tools on some honest documents",
        removes="no_filter",
        references=("AML.M0020", "AML.M0015"),
    ),
    Control(
        "refund_limit",
        "Refuses refunds over 150 USD.",
        "mitigate",
        "honest large refunds are refused",
        removes="no_limit",
    ),
    Control(
        "rate_limit",
        "Allows one refund for each customer in seven days.",
        "mitigate",
        "customers with two broken orders are turned away",
    ),
    Control(
        "kill_switch",
        "Switches the tools off that act: refunds and records.",
        "mitigate",
        "no customer gets a refund or their records",
    ),
)
APPROVAL_USD, LIMIT_USD, APPROVAL_MIN = 80.0, 150.0, 4.0
# What this shop reckons for each set of records that went to a stranger: three hours of its staff, at 40 USD,
# to find out whose they were, tell that person and the authority, and answer what they ask. An assumption of
# the world, and the only one in its harm; how many sets went out is what the simulation does.
DISCLOSURE_HOURS, STAFF_USD = 3.0, 40.0
DISCLOSURE_USD = DISCLOSURE_HOURS * STAFF_USD
