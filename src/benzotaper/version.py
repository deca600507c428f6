"""Which edition of the package and of its shipped facts made a document."""

VERSION = "0.1.0"
"""The package version; the build reads it from here."""

DATA_VERSION = "ee51a1e2557a"
"""The first 12 hex digits of the SHA-256 over the shipped facts (CSV and TOML files, by name); a test pins it."""

SCHEMA_VERSION = 1
"""The version of the plan format, `data/plan.schema.json`; it rises when old documents would mean something else."""

COURSE_SCHEMA_VERSION = 1
"""The version of the course format, `data/course.schema.json`."""
