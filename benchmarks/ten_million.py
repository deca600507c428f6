"""Plans ten million people, from one Parquet file into another, in chunks; prints time and peak memory.

Run it with ``python benchmarks/ten_million.py [PEOPLE] [FOLDER]``; without a folder the files are removed afterwards.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
from people import CHOICES, people
from pyarrow import parquet

import benzotaper as bt

PEOPLE = 10**7
CHUNK = 250_000


def main() -> None:
    """Make the people, plan them, and print what it took as JSON."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)  # noqa: PLR2004  both are given
        given, made = folder / "people.parquet", folder / "plans.parquet"
        write_people(given, number)
        begun = time.perf_counter()
        rows, refused = plan(given, made)
        seconds = time.perf_counter() - begun
        told = {"people": number, "rows": rows, "refused": refused, "seconds": round(seconds, 2)}
        print(json.dumps(told | {"peak_mb": peak_mb(), "out_mb": made.stat().st_size // 10**6}))


def peak_mb() -> int:
    """The most memory that this process had; not that of its parent, which `getrusage` may tell."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) // 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write_people(path: Path, number: int) -> None:
    """People, a chunk a row group."""
    writer = None
    for first in range(0, number, CHUNK):
        table = pa.Table.from_pandas(people(min(CHUNK, number - first), seed=first, first=first), preserve_index=False)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def plan(given: Path, made: Path) -> tuple[int, int]:
    """Plan them; rows of plans and refused people."""
    rows = refused = 0
    writer = None
    with parquet.ParquetFile(given) as file:
        frames = (batch.to_pandas() for batch in file.iter_batches(batch_size=CHUNK))
        for part in bt.cohort_chunks(frames, "strategy", times="times", **CHOICES):
            table = pa.Table.from_pandas(part.plans, preserve_index=False)
            writer = writer or parquet.ParquetWriter(made, table.schema)
            writer.write_table(table)
            rows, refused = rows + len(part.plans), refused + len(part.refused)
    if writer:
        writer.close()
    return rows, refused


if __name__ == "__main__":
    main()
