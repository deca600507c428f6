"""What the people of a frame take before their tapers begin: a row for each drug. Imports pandas."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import pandas as pd

from benzotaper.doses import NG_PER_MG
from benzotaper.drugs import drug_names
from benzotaper.regimen import Regimen
from benzotaper.table_columns import refuse_no_frame
from benzotaper.taken_frames import ID, REGIMEN, read_regimens

ANY_TIME = "night"
"""A daily dose is the same at whatever times it is taken."""


def doses_of(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each person and drug; see `front.present_doses`."""
    refuse_no_frame(frame)
    places, regimens = read_regimens(frame, "" if REGIMEN in frame else ANY_TIME)
    dtypes: dict[Hashable, Any] = {
        "place": "int64",
        "drug": pd.CategoricalDtype(list(drug_names())),  # as in `Cohort.plans`, so that both can be joined
        "start_mg": "float64",
        "reason": "string",
    }
    doses = pd.DataFrame(list(_doses(regimens)), columns=list(dtypes)).astype(dtypes)
    people = pd.DataFrame({ID: frame[ID].array, "place": places})
    return people.merge(doses, on="place", how="left").drop(columns="place")


def _doses(regimens: Sequence[Regimen | str]) -> Iterator[tuple[Any, ...]]:
    """For each regimen its place, and of each drug the mg a day; or why they are not known."""
    for place, regimen in enumerate(regimens):
        if isinstance(regimen, str):
            yield place, None, None, regimen
        else:
            yield from ((place, drug, regimen.of(drug).total.ng / NG_PER_MG, None) for drug in regimen.drugs)
