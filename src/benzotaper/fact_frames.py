"""Facts as a DataFrame."""

from collections.abc import Iterable

import pandas as pd

from benzotaper.observations import Observation
from benzotaper.unknown import Unknown


def facts_frame(observations: Iterable[Observation]) -> pd.DataFrame:
    """A row per observation; see `Facts.to_frame`."""
    rows = [
        {
            "fact": each.fact,
            "value": None if isinstance(each.value, Unknown) else each.value,
            "unknown": each.value.reason if isinstance(each.value, Unknown) else "",
            "at": each.at,
            "by": each.by,
            "who": each.who,
            "form_id": each.form_id,
        }
        for each in observations
    ]
    return pd.DataFrame(rows, columns=["fact", "value", "unknown", "at", "by", "who", "form_id"])
