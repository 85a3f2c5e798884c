"""The bytes of each world's sample, pinned: whoever changes them must say so here.

The same digests came out with CPython 3.11.7, 3.12.1 and 3.13.0, with numpy 2.0.0, 2.4.6 and 2.5.5, pandas
2.2.2 and 3.1.1, scikit-learn 1.6.0 and 1.9.1, under several hash seeds and numbers of threads, on Linux
x86-64. Other processors and systems were not tried.
"""

from __future__ import annotations

import pytest

from aiir_lab.simulate import simulate

DIGESTS = {
    "fraud_poisoning": "4ae130232b7a1e84656ba2413295c411",
    "vision_bias": "de07e7a1704b12eee012868edff656db",
    "credit_bias": "5f35a13a703010b1a7d4ae118afc7fcd",
    "moderation_failure": "8c496a64338bcc6fe82933fe705b2231",
    "demand_drift": "b547d59280e660b6edb2eea8f7a89d65",
    "assistant_injection": "11649b6cc5073dee180660ff35d20ae9",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_the_sample_has_the_bytes_it_had(name):
    """Seed 1 is the sample in datasets/incidents."""
    assert simulate(name, seed=1, size="sample").digest()[:32] == DIGESTS[name]
