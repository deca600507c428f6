"""The data version is that of the files which are shipped."""

import hashlib
from pathlib import Path

import benzotaper
from benzotaper.version import DATA_VERSION

FOLDER = Path(benzotaper.__file__).parent / "data"


def test_the_data_version_is_the_hash_of_the_shipped_facts() -> None:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in {".csv", ".toml"}:
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    assert digest.hexdigest()[:12] == DATA_VERSION
