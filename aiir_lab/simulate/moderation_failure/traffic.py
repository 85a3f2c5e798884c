"""What people ask and the assistant answers: topics, the news, harmful attempts, who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.moderation_failure.words import (
    SPELLINGS,
    TRICKS,
    draw_lookalikes,
    draw_words,
)
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting

DAYS = 21
HOURS = DAYS * 24
DAY_S = 86_400
TOPICS = 8
TOKENS = 12  # longest text
VIEW_STEPS = 8  # an output is seen in eight portions
ACCOUNTS = 4_000
SURFACES = ("app", "search_box", "shared_feed")

RESPELL_RAMP_H = {"easy": 2.0, "normal": 10.0, "hard": 40.0}
RESPELL_PEAK = {"easy": 0.95, "normal": 0.9, "hard": 0.8}
TRICKS_USED = {"easy": 1, "normal": 2, "hard": 3}
BRIGADING = {"easy": 1.5, "normal": 3.0, "hard": 5.0}  # false reports on the trending topic, times the usual


@dataclass(frozen=True)
class Scene:
    """All about the company and the outside world that is fixed before the first output."""

    topic_names: list[str]
    common: NDArray[np.int64]  # indices into `words`
    topic_words: NDArray[np.int64]  # (topics, 30)
    news_words: NDArray[np.int64]  # unknown to any filter trained before
    lookalikes: NDArray[np.int64]  # innocent news words that resemble listed terms
    hints: NDArray[np.int64]  # innocent words that keep bad company
    terms: NDArray[np.int64]  # harmful codewords, the oldest first
    term_age_days: NDArray[np.float64]
    words: list[str]
    hot_topic: int
    news_s: float
    onset_s: float
    ramp_s: float
    peak: float
    tricks: tuple[int, ...]  # indices into SPELLINGS
    red_team_tricks: tuple[int, ...]
    surge: float
    brigading: float
    account_id: NDArray[np.int64]
    account_age_days: NDArray[np.int64]


@dataclass(frozen=True)
class Traffic:
    """One row for each output of the assistant, in order of time."""

    second: NDArray[np.float64]
    topic: NDArray[np.int64]
    surface: NDArray[np.int64]
    account: NDArray[np.int64]
    word: NDArray[np.int64]  # (n, TOKENS); -1 past the end
    spelling: NDArray[np.int64]  # (n, TOKENS), as it would be without the incident
    respelled: NDArray[np.int64]  # (n, TOKENS), as it is with the incident
    is_harmful: NDArray[np.bool_]
    views: NDArray[np.int64]
    view_s: NDArray[np.float64]  # (n, VIEW_STEPS), when each portion of the views falls
    report_luck: NDArray[np.float64]
    report_after: NDArray[np.float64]  # share of the way through the views


def draw_scene(setting: Setting) -> Scene:
    """Draw the company of one seed."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "scene", purpose)

    level = setting.difficulty
    words = draw_words(rng("words"), 160 + TOPICS * 30 + 20 + 28 + 36)
    parts = np.split(np.arange(len(words)), np.cumsum([160, TOPICS * 30, 20, 28]))
    terms = parts[3]
    near = draw_lookalikes(rng("lookalikes"), [words[i] for i in terms], 4, taken=words)
    lookalikes = len(words) + np.arange(len(near))
    words = words + near
    when = rng("when")
    news_s = float(np.floor(when.uniform(7.0, 11.0) * DAY_S))
    onset_s = float(np.floor(news_s + when.uniform(2.0, 30.0) * 3600.0))
    tricks = 1 + rng("tricks").permutation(len(TRICKS))
    red = 1 + rng("red team tricks").permutation(len(TRICKS))[:4]
    young = rng("young").random(ACCOUNTS) < 0.3
    age, age_of = rng("account age"), rng("term age")
    return Scene(
        topic_names=draw_words(rng("topics"), TOPICS, taken=words),
        common=parts[0],
        topic_words=parts[1].reshape(TOPICS, 30),
        news_words=np.concatenate([parts[4], lookalikes]),
        lookalikes=lookalikes,
        hints=parts[2],
        terms=terms,
        # The last four came up after the filter's training set was taken.
        term_age_days=np.concatenate([age_of.uniform(450, 1200, 24), age_of.uniform(20, 190, 4)]),
        words=words,
        hot_topic=int(rng("hot topic").integers(TOPICS)),
        news_s=news_s,
        onset_s=onset_s,
        ramp_s=RESPELL_RAMP_H[level] * 3600.0 * float(when.uniform(0.8, 1.2)),
        peak=RESPELL_PEAK[level],
        tricks=tuple(tricks[: TRICKS_USED[level]].tolist()),
        red_team_tricks=tuple(sorted(red.tolist())),
        surge=float(when.uniform(9.0, 14.0)),
        brigading=BRIGADING[level],
        account_id=(10_000 + rng("account id").permutation(90_000)[:ACCOUNTS]).astype(np.int64),
        account_age_days=np.where(young, age.integers(0, 30, ACCOUNTS), age.integers(30, 1500, ACCOUNTS)),
    )


def _draw_times(rng: np.random.Generator, scene: Scene, rows: int) -> tuple[Any, Any]:
    """Draw second and topic: a daily cycle, and one topic that surges with the news and dies down."""
    hour = np.arange(HOURS)
    cycle = 1.0 + 0.45 * np.sin(2 * np.pi * (hour % 24 - 8) / 24)
    weight = np.repeat(cycle[:, None], TOPICS, axis=1) * rng.dirichlet(np.full(TOPICS, 40.0))
    since = hour - scene.news_s / 3600.0
    weight[:, scene.hot_topic] *= 1.0 + np.where(since >= 0, scene.surge * np.exp(-since / 130.0), 0.0)
    total = weight.ravel().cumsum()
    cell = np.searchsorted(total, rng.random(rows) * total[-1], side="right")
    second = (cell // TOPICS) * 3600.0 + rng.integers(0, 3600, rows)
    order = np.argsort(second, kind="stable")
    return second[order], (cell % TOPICS)[order]


def draw_texts(
    rng: np.random.Generator,
    scene: Scene,
    *,
    topic: NDArray[np.int64],
    is_harmful: NDArray[np.bool_],
    is_news: NDArray[np.bool_],
    terms: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw the words of outputs and their usual spelling.

    A harmful output holds one to three listed terms; so does one innocent output in
    250, which quotes a term to warn of it. One word in thirty of anybody's is spelled in
    an odd way, so that an odd spelling alone says nothing.
    """
    n = len(topic)
    length = rng.integers(6, TOKENS + 1, n)
    zipf = 1.0 / np.arange(1, 31)
    rank = np.searchsorted(zipf.cumsum() / zipf.sum(), rng.random((n, TOKENS)))
    common = scene.common[np.minimum((rng.random((n, TOKENS)) ** 1.5 * 160).astype(int), 159)]
    word = np.where(rng.random((n, TOKENS)) < 0.4, scene.topic_words[topic[:, None], rank], common)
    news = scene.news_words[(rng.random((n, TOKENS)) ** 1.3 * len(scene.news_words)).astype(int)]
    word = np.where(is_news[:, None] & (rng.random((n, TOKENS)) < 0.35), news, word)
    hint = rng.random((n, TOKENS)) < np.where(is_harmful, 0.12, 0.02)[:, None]
    word = np.where(hint, scene.hints[rng.integers(0, len(scene.hints), (n, TOKENS))], word)
    quotes = rng.random(n) < 0.004
    wanted = np.where(is_harmful, rng.integers(1, 4, n), quotes.astype(int))
    place = np.argsort(rng.random((n, TOKENS)) + (np.arange(TOKENS) >= length[:, None]), axis=1)
    chosen = terms[(rng.random((n, 3)) ** 1.2 * len(terms)).astype(int)]
    for k in range(3):
        rows = np.flatnonzero(wanted > k)
        word[rows, place[rows, k]] = chosen[rows, k]
    word[np.arange(TOKENS) >= length[:, None]] = -1
    odd = rng.random((n, TOKENS)) < 0.03
    spelling = np.where(odd, rng.integers(1, len(SPELLINGS), (n, TOKENS)), 0)
    return word.astype(np.int64), spelling.astype(np.int64)


def draw_traffic(setting: Setting, scene: Scene, *, rows: int, shard: str = "0") -> Traffic:
    """Draw the outputs of the run: what was asked, what was answered, who would see it."""

    def rng(purpose: str) -> np.random.Generator:
        return draw_stream(setting.seed, setting.world, "traffic", purpose, shard)

    second, topic = _draw_times(rng("when"), scene, rows)
    is_news = (topic == scene.hot_topic) & (second >= scene.news_s)
    is_harmful = rng("harmful").random(rows) < np.where(is_news, 0.09, 0.045)
    word, spelling = draw_texts(
        rng("text"), scene, topic=topic, is_harmful=is_harmful, is_news=is_news, terms=scene.terms
    )
    progress = np.clip((second - scene.onset_s) / scene.ramp_s, 0.0, 1.0)
    progress[second < scene.onset_s] = 0.0
    share = scene.peak * np.where(is_news, 1.0, 0.25) * (0.15 + 0.85 * progress) * (second >= scene.onset_s)
    moved = is_harmful & (rng("respelled").random(rows) < share)
    trick = np.asarray(scene.tricks)[rng("trick").integers(0, len(scene.tricks), rows)]
    is_term = np.isin(word, scene.terms)
    respelled = np.where(moved[:, None] & is_term, trick[:, None], spelling)

    draw = rng("views")
    views = np.ceil(np.exp(draw.normal(2.9, 1.25, rows)) * np.where(is_news, 1.6, 1.0)).astype(np.int64)
    scale = np.exp(draw.normal(np.log(3.5 * 3600), 0.5, rows))
    quantile = -np.log1p(-(np.arange(VIEW_STEPS) + 0.5) / VIEW_STEPS)
    who = rng("account")
    young = np.flatnonzero(scene.account_age_days < 30)
    account = np.where(
        who.random(rows) < np.where(is_harmful, 0.45, 0.1),
        young[(who.random(rows) ** 2 * len(young)).astype(int)],
        (who.random(rows) ** 2 * ACCOUNTS).astype(int),
    )
    report = rng("reports")
    return Traffic(
        second=second,
        topic=topic,
        surface=rng("surface").choice(3, rows, p=[0.5, 0.2, 0.3]),
        account=account.astype(np.int64),
        word=word,
        spelling=spelling,
        respelled=respelled,
        is_harmful=is_harmful,
        views=views,
        view_s=np.floor(second[:, None] + scale[:, None] * quantile),
        report_luck=report.random(rows),
        report_after=report.random(rows),
    )


def find_trending(scene: Scene, second: NDArray[np.float64], topic: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each output whether its topic trended when it was made.

    A topic trends when its last twelve full hours held 2.5 times the outputs of an
    average twelve hours of its own first five days, and at least twenty.
    """
    hour = (second // 3600).astype(np.int64)
    count = np.bincount(hour * TOPICS + topic, minlength=HOURS * TOPICS).reshape(HOURS, TOPICS)
    usual = count[:120].sum(axis=0) / 10.0
    total = np.concatenate([np.zeros((1, TOPICS)), count.cumsum(axis=0)])
    at = np.arange(HOURS)
    recent = total[at] - total[np.maximum(at - 12, 0)]
    trends = (recent >= 2.5 * usual) & (recent >= 20)
    found: NDArray[np.bool_] = trends[np.minimum(hour, HOURS - 1), topic]
    return found
