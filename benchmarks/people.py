"""The people that the benchmarks plan: mixed drugs and strengths, percentages at several paces.

16 drugs of the US list, every total that their tablets make in halves and at most six pieces, up to four times the
largest strength, once at night or in two equal parts, and twenty strategies: some thousand distinct plans, at random.
"""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd

import benzotaper as bt
from benzotaper.dispensing.shelf import MAX_PIECES, shelf_for
from benzotaper.formulary import stocked

REGION, SPLITTING, FIT = "US", "halves", "up"
CUTS = ("2.5 %", "5 %", "7.5 %", "10 %")
WEEKS = (1, 2, 3, 4, 6)
STRATEGIES = tuple(
    f"percentage {cut} of current every {weeks} week{'s'[: weeks > 1]}" for cut, weeks in product(CUTS, WEEKS)
)
CHOICES = {"products": REGION, "splitting": SPLITTING, "fit": FIT}


@cache
def doses() -> tuple[tuple[str, str, int], ...]:
    """Every drug, times and daily total (ng) that its tablets make."""
    found = []
    for drug in bt.drug_names():
        try:
            stock = stocked(REGION, drug=drug, liquids=False, release="IR")
        except bt.BenzotaperError:
            continue
        largest = 4 * max(product.strength.ng for product in stock)
        shelf = shelf_for(stock, splitting=SPLITTING, max_pieces=MAX_PIECES, largest=largest)
        found += [(drug, "night", ng) for ng in shelf.doses[1:]]
        found += [(drug, "morning, night", 2 * ng) for ng in shelf.doses[1:]]
    return tuple(found)


def people(number: int, *, seed: int = 1, text: str = "category", first: int = 0) -> pd.DataFrame:
    """So many people.

    Args:
        number: rows.
        seed: of the random numbers.
        text: the dtype of the columns of text.
        first: the first id.
    """
    draw = np.random.default_rng(seed)
    which, how = draw.integers(0, len(doses()), number), draw.integers(0, len(STRATEGIES), number)
    drugs, times, totals = zip(*doses(), strict=True)
    columns = {
        "drug": _texts(drugs, which, text),
        "times": _texts(times, which, text),
        "strategy": _texts(STRATEGIES, how, text),
    }
    mg = np.array(totals) / 10**6
    return pd.DataFrame({"id": np.arange(first, first + number), "dose_mg": mg[which], **columns})


def people_of_their_own(number: int, *, first: int = 0) -> pd.DataFrame:
    """So many people who take what `people` take, each of whom has a step and an interval of their own.

    Args:
        number: rows.
        first: the first id, which also begins the random numbers.
    """
    draw = np.random.default_rng([2, first])
    frame = people(number, seed=first + 1, first=first).drop(columns="strategy")
    steps = np.maximum(frame["dose_mg"] * draw.uniform(0.03, 0.15, number), 0.0001)
    days = draw.integers(7, 43, number)
    texts = [
        f"linear {step:.4f} mg every {each} days" for step, each in zip(steps.tolist(), days.tolist(), strict=True)
    ]
    return frame.assign(strategy=pd.array(texts, dtype="string"))


def _texts(values: tuple[str, ...], places: np.ndarray, text: str) -> pd.Series:
    distinct = tuple(dict.fromkeys(values))
    place_of = {value: place for place, value in enumerate(distinct)}
    codes = np.array([place_of[value] for value in values])[places]
    return pd.Series(pd.Categorical.from_codes(codes, categories=list(distinct))).astype(text)
