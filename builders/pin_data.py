"""Prints the pins of the data files, as tests/unit/test_data_pins.py holds them.

Run it after a data file was changed on purpose, read the difference, and paste it.
"""

import csv
import hashlib
import io
import pprint
import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "benzotaper" / "data"
NOT_AMOUNTS = ("rxcui_ingredient", "rxcui_scd", "code", "year", "year_or_version")


def sums_of_csv(text: str) -> tuple[int, dict[str, str]]:
    """Rows of a CSV text, and the exact sum of each column that holds nothing but numbers."""
    rows = list(csv.DictReader(io.StringIO(text)))
    sums = {}
    for column in rows[0]:
        cells = [row[column] for row in rows if row[column]]
        try:
            total = sum((Decimal(cell) for cell in cells), Decimal(0))
        except InvalidOperation:
            continue
        if cells and column not in NOT_AMOUNTS:
            sums[column] = str(total)
    return len(rows), sums


def sums_of_toml(text: str) -> tuple[int, dict[str, str]]:
    """Thresholds of all profiles, and the exact sum of their numbers; none in a file without profiles."""
    profiles = [entry for entry in tomllib.loads(text, parse_float=Decimal).values() if isinstance(entry, dict)]
    if not profiles:
        return 0, {}
    values = [entry["value"] for profile in profiles for entry in profile.get("thresholds", {}).values()]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    numbers = [Decimal(item) for item in flat if isinstance(item, int | Decimal) and not isinstance(item, bool)]
    return len(values), {"value": str(sum(numbers, Decimal(0)))}


def main() -> None:
    """Print one entry a file."""
    pins = {}
    for path in sorted([*FOLDER.glob("*.csv"), *FOLDER.glob("*.toml")]):
        raw = path.read_bytes()
        count = sums_of_csv if path.suffix == ".csv" else sums_of_toml
        pins[path.name] = (hashlib.sha256(raw).hexdigest(), *count(raw.decode("utf-8")))
    print("PINS = ", end="")
    pprint.pp(pins, width=118)


if __name__ == "__main__":
    main()
