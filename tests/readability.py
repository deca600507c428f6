"""How hard a text is to read: the grade of Flesch and Kincaid, with syllables counted by vowels."""

import re

SILENT_ENDING = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^l]e)$|(?<=[aeiouy]l)e$")


def sentences(text: str) -> list[str]:
    """The sentences of a text; each ends with a full stop, a question mark or an exclamation mark."""
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))  # noqa: RUF001  as people type it


def syllables(word: str) -> int:
    """Groups of vowels, less a silent ending; at least one."""
    ends_silently = SILENT_ENDING.search(word) and not re.search(r"(?:[sxz]|ch|sh|c|g)es$", word)
    groups = len(re.findall(r"[aeiouy]+", word)) - bool(ends_silently)
    return max(groups, 1)


def grade(text: str) -> float:
    """The school year, as in the United States, in which a text can be read [year]."""
    said = words(text)
    return 0.39 * len(said) / len(sentences(text)) + 11.8 * sum(syllables(word) for word in said) / len(said) - 15.59
