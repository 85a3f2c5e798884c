"""MITRE ATLAS: the ids this course uses or may use, with their names, so that any record can check one.

All 35 mitigations of ATLAS 5.6.0 (5 May 2026) are here, and those of its 170 techniques and 57 case studies
that have to do with what the course teaches. Ids and names were read in the changelog of
https://github.com/mitre-atlas/atlas-data up to version 5.2.0 and its case studies, some technique names on
other public pages. Later versions put "Predictive AI" before some names of mitigations and keep the ids.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from aiir_lab.records.errors import NotFoundError

ATLAS_VERSION = "5.6.0"

_MITIGATIONS = (
    "Limit Public Release of Information", "Limit Model Artifact Release", "Passive Output Manipulation",
    "Model Hardening", "Restrict Number of AI Model Queries", "Control Access to AI Models and Data at Rest",
    "Use Ensemble Methods", "Sanitize Training Data", "Validate AI Model", "Use Multi-Modal Sensors",
    "Input Restoration", "Restrict Library Loading", "Encrypt Sensitive Information", "Code Signing",
    "Verify AI Artifacts", "Adversarial Input Detection", "Vulnerability Scanning",
    "AI Model Distribution Methods", "User Training", "Control Access to AI Models and Data in Production",
    "Generative AI Guardrails", "Generative AI Guidelines", "Generative AI Model Alignment",
    "AI Bill of Materials", "AI Telemetry Logging", "Maintain AI Dataset Provenance",
    "Privileged AI Agent Permissions Configuration", "Single-User AI Agent Permissions Configuration",
    "AI Agent Tools Permissions Configuration", "Human In-the-Loop for AI Agent Actions",
    "Restrict AI Agent Tool Invocation on Untrusted Data", "Memory Hardening",
    "Segmentation of AI Agent Components", "Input and Output Validation for AI Agent Components",
    "Deepfake Detection",
)  # fmt: skip

ATLAS_NAMES: dict[str, str] = {
    "AML.T0010.001": "AI Supply Chain Compromise: AI Software",
    "AML.T0010.002": "AI Supply Chain Compromise: Data",
    "AML.T0015": "Evade AI Model",
    "AML.T0018": "Manipulate AI Model",
    "AML.T0018.000": "Manipulate AI Model: Poison AI Model",
    "AML.T0019": "Publish Poisoned Datasets",
    "AML.T0020": "Poison Training Data",
    "AML.T0024.000": "Exfiltration via AI Inference API: Infer Training Data Membership",
    "AML.T0025": "Exfiltration via Cyber Means",
    "AML.T0031": "Erode AI Model Integrity",
    "AML.T0037": "Data from Local System",
    "AML.T0040": "AI Model Inference API Access",
    "AML.T0043.004": "Craft Adversarial Data: Insert Backdoor Trigger",
    "AML.T0051": "LLM Prompt Injection",
    "AML.T0051.000": "LLM Prompt Injection: Direct",
    "AML.T0051.001": "LLM Prompt Injection: Indirect",
    "AML.T0051.002": "LLM Prompt Injection: Triggered",
    "AML.T0053": "AI Agent Tool Invocation",
    "AML.T0059": "Erode Dataset Integrity",
    "AML.T0068": "LLM Prompt Obfuscation",
    "AML.T0070": "RAG Poisoning",
    "AML.T0086": "Exfiltration via AI Agent Tool Invocation",
    "AML.T0099": "AI Agent Tool Data Poisoning",
    **{f"AML.M{number:04d}": name for number, name in enumerate(_MITIGATIONS)},
    "AML.CS0002": "VirusTotal Poisoning",
    "AML.CS0009": "Tay Poisoning",
    "AML.CS0015": "Compromised PyTorch Dependency Chain",
}
"""Id to name: techniques, then mitigations, then case studies."""

_SHAPE = re.compile(r"AML\.(T|M|CS|TA)\d{4}(\.\d{3})?")


def check_atlas_id(text: str) -> str:
    """Return an id of ATLAS in its standard form (``aml.m0010`` -> ``AML.M0010``).

    Raises
    ------
    NotFoundError
        The id is not in our list; the message names the nearest ones. The list of techniques and case
        studies is a selection: see https://atlas.mitre.org for the rest.

    Examples
    --------
    >>> check_atlas_id("m0025")
    'AML.M0025'
    """
    standard = text.strip().upper()
    standard = standard if standard.startswith("AML.") else f"AML.{standard}"
    if standard not in ATLAS_NAMES:
        raise NotFoundError("ATLAS id in the course's list", text, list(ATLAS_NAMES))
    return standard


def _check_in_record(text: str) -> str:
    # Only the mitigations are listed in full: of the others, one that we do not list may well exist.
    if not _SHAPE.fullmatch(text) or text.startswith("AML.M"):
        try:
            return check_atlas_id(text)
        except NotFoundError as error:
            raise ValueError(f"an id of MITRE ATLAS, such as AML.T0020 ({error})") from None
    return text


AtlasId = Annotated[str, AfterValidator(_check_in_record)]
"""An id of MITRE ATLAS, such as ``AML.T0020``. Mitigations must be among the 35 of version 5.6.0."""
