"""The world moderation_failure: its parts, and whether an investigation finds the planted truth."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from aiir_lab.simulate import attribute, replay, simulate
from aiir_lab.simulate.moderation_failure.reviewing import serve
from aiir_lab.simulate.moderation_failure.words import (
    NORMALISER_KNOWS,
    SPELLINGS,
    draw_words,
    normalise,
    spell,
)

SEEDS = (1, 2, 3, 4, 5)


@pytest.fixture(scope="module")
def runs():
    return {seed: simulate("moderation_failure", seed=seed) for seed in SEEDS}


def count_words(texts: pd.Series) -> pd.Series:
    """In how many of the texts each word stands."""
    return texts.str.split().explode().groupby(level=0).unique().explode().value_counts()


def find_new_words(tables: dict[str, pd.DataFrame]) -> list[str]:
    """What the lesson teaches: among *shown* outputs of the days since the surge, compare those that a
    moderator confirmed with those found innocent; keep words that were not common in the first days."""
    outputs = tables["outputs"]
    first_days = outputs["generated_utc"] < outputs["generated_utc"].min() + timedelta(days=6)
    before = count_words(outputs.loc[first_days, "text"])
    seen = (
        tables["reviews"]
        .merge(outputs[~first_days], on="output_id")
        .merge(tables["decisions"], on="output_id")
    )
    seen = seen[seen["action"] == "show"].drop_duplicates("output_id")
    harmful, innocent = (seen.loc[seen["label"] == x, "text"] for x in ("harmful", "innocent"))
    frame = (
        pd.DataFrame({"bad": count_words(harmful)})
        .assign(fine=count_words(innocent), before=before)
        .fillna(0.0)
    )
    # Anybody spells a word oddly now and then; the same way twice, and never in an innocent
    # output, is no accident.
    return frame.index[(frame["bad"] >= 2) & (frame["fine"] == 0) & (frame["before"] <= 1)].tolist()


def find_rising_words(tables: dict[str, pd.DataFrame], top: int = 12) -> list[str]:
    """The naive way: which words are most frequent now against the first days, in all outputs."""
    outputs = tables["outputs"]
    early = outputs["generated_utc"] < outputs["generated_utc"].min() + timedelta(days=6)
    now, before = count_words(outputs.loc[~early, "text"]), count_words(outputs.loc[early, "text"])
    frame = pd.DataFrame({"now": now}).assign(before=before).fillna(0.0)
    return (frame["now"] / (frame["before"] + 1.0)).nlargest(top).index.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_confirmed_outputs_give_the_new_spellings_away_and_rising_words_do_not(runs, seed):
    tables, truth = runs[seed].observe(), runs[seed].reveal().details["spellings"]
    found = find_new_words(tables)
    assert len(found) >= 4
    assert np.mean([word in truth for word in found]) >= 0.8, found
    assert np.mean([word in truth for word in find_rising_words(tables)]) <= 0.2


def date_onset(tables: dict[str, pd.DataFrame]) -> pd.Timestamp:
    """When outputs with the new spellings began to come one after another."""
    words, outputs = set(find_new_words(tables)), tables["outputs"]
    hit = outputs["text"].map(lambda text: bool(words & set(text.split())))
    harmful = tables["reviews"].loc[tables["reviews"]["label"] == "harmful", "output_id"]
    times = outputs.loc[hit & outputs["output_id"].isin(harmful), "generated_utc"].sort_values()
    return times[(times.shift(-1) - times) < pd.Timedelta(hours=24)].iloc[0]


def test_new_spellings_date_the_onset_and_the_alert_does_not(runs):
    wrong_by_words, wrong_by_alert = [], []
    for run in runs.values():
        tables, onset = run.observe(), run.reveal().onset_utc
        wrong_by_words.append(abs(date_onset(tables) - onset))
        alerts = tables["alerts"]["acknowledged_utc"].dropna()
        wrong_by_alert.append((alerts - onset).abs().min())
    assert np.median(wrong_by_words) < timedelta(hours=18)
    assert np.median(wrong_by_words) < np.median(wrong_by_alert) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_volume_points_at_the_news_which_is_not_the_onset(runs, seed):
    truth, outputs = runs[seed].reveal(), runs[seed].observe()["outputs"]
    topic = outputs["topic"].value_counts().index[0]
    assert truth.cohorts == (f"topic={topic}",)
    assert truth.onset_utc - truth.details["news_utc"] >= timedelta(hours=2)
    moved = outputs["output_id"].isin(truth.affected["outputs"])
    assert 0.005 < moved.mean() < 0.1
    assert moved[outputs["topic"] == topic].mean() < 0.25, "most of what is said about the news is innocent"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_filter_misses_what_it_would_have_caught_and_its_own_test_set_does_not_say_so(runs, seed):
    details = runs[seed].reveal().details
    versions = runs[seed].observe()["filter_versions"]
    assert details["recall_on_respelled"] < details["recall_had_they_been_plain"] - 0.2
    assert versions["test_recall"].min() > 0.75


def test_each_trick_that_the_red_team_knew_is_caught_better_once_it_is_in_training(runs):
    for run in runs.values():
        truth = run.reveal()
        before, after = (r.observe() for r in (run, replay(run, controls=["red_team_set"])))
        trick_of = {
            s: t for w in truth.details["spellings"].values() for t in SPELLINGS[1:] for s in [spell(w, t)]
        }
        texts = before["outputs"].set_index("output_id")["text"].loc[truth.affected["outputs"]]
        spelled = texts.map(
            lambda text, known=trick_of: next((known[w] for w in text.split() if w in known), "")
        )
        rate = {
            name: frame["decisions"].set_index("output_id")["score"].loc[texts.index].ge(0.5)
            for name, frame in (("before", before), ("after", after))
        }
        for trick in set(truth.details["tricks"]) & set(truth.details["red_team_tricks"]):
            mine = (spelled == trick) & (
                before["outputs"].set_index("output_id")["generated_utc"].loc[texts.index]
                < truth.onset_utc + timedelta(days=3)
            )
            assert rate["after"][mine].mean() > rate["before"][mine].mean() + 0.2, trick


def test_fast_alert_and_switch_help_more_together_than_apart(runs):
    together = apart = 0.0
    for run in runs.values():
        harm = run.harm.amount
        saved = {
            names: harm - replay(run, controls=names).harm.amount
            for names in (("alert_routing",), ("on_call_switch",), ("alert_routing", "on_call_switch"))
        }
        together += saved[("alert_routing", "on_call_switch")]
        apart += max(saved[("alert_routing",)], saved[("on_call_switch",)])
    assert together > 1.15 * apart


def test_going_back_to_the_older_filter_makes_it_worse(runs):
    changes = [replay(r, controls=["rollback_model"]).harm.amount - r.harm.amount for r in runs.values()]
    assert np.mean(changes) > 0
    assert sum(c > 0 for c in changes) >= 4


def test_a_decision_has_consequences_from_then_on_and_its_cost(runs):
    run = runs[2]
    at = run.reveal().onset_utc + timedelta(hours=6)
    early, late = (replay(run, controls=["safe_mode"], at=at + timedelta(hours=h)) for h in (0, 48))
    assert early.harm.amount < late.harm.amount < run.harm.amount
    lost = early.costs.set_index(["control", "what"])["amount"]
    later = late.costs.set_index(["control", "what"])["amount"]
    key = ("safe_mode", "innocent outputs withheld")
    assert lost[key] > later[key] > 0
    trained = replay(run, controls=["filter_refresh"], at=at).observe()["filter_versions"]
    first = run.observe()["filter_versions"]
    assert trained["live_utc"].iloc[1] == at + timedelta(hours=3)
    assert len(trained) > len(first)


def test_attribution_accounts_for_all_that_the_controls_remove(runs):
    run = runs[1]
    shares = attribute(run)
    everything = replay(run, controls=[run.factors[f] for f in run.main_factors])
    assert shares["shapley_harm"].sum() == pytest.approx(run.harm.amount - everything.harm.amount)
    strands = shares.set_index("factor")["shapley_harm"]
    assert strands[["no_red_teaming", "delayed_alert"]].max() > 0.1 * run.harm.amount


def test_moderators_lag_when_the_news_breaks(runs):
    for run in runs.values():
        reviews, news = run.observe()["reviews"], run.reveal().details["news_utc"]
        calm = reviews["reviewed_utc"] < news
        busy = (reviews["reviewed_utc"] > news) & (reviews["reviewed_utc"] < news + timedelta(days=4))
        assert reviews.loc[busy, "waited_hours"].median() > 3 * reviews.loc[calm, "waited_hours"].median()


def test_every_spelling_that_the_normaliser_knows_is_undone():
    words = draw_words(np.random.default_rng(3), 200)
    for trick in SPELLINGS[1:]:
        same = np.mean([normalise(spell(w, trick)) == normalise(w) for w in words])
        assert (same == 1.0) == (trick in NORMALISER_KNOWS), trick


def test_the_queue_serves_first_come_first_served():
    entered = np.array([0.0, 10.0, 11.0, 500.0])
    assert serve(entered, 60.0).tolist() == [60.0, 120.0, 180.0, 560.0]
    assert serve(np.zeros(0), 60.0).tolist() == []


def test_texts_and_features_are_those_of_a_plain_vectorizer(runs):
    from sklearn.feature_extraction.text import HashingVectorizer

    from aiir_lab.simulate.moderation_failure import model
    from aiir_lab.simulate.moderation_failure.filters import Filters

    run = runs[1]
    texts = run.observe()["outputs"]["text"].head(50)
    plain = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=model.NGRAMS,
        n_features=model.FEATURES,
        alternate_sign=False,
        norm=None,
    ).transform(texts)
    plain.data = np.log1p(plain.data)
    ours = Filters(run._stage, incident=True).live_grams(normalised=False)[:50]
    lengths = np.sqrt(plain.multiply(plain).sum(axis=1).A1)
    assert np.allclose(ours.toarray() * lengths[:, None], plain.toarray())
