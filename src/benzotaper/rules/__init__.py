"""The rule language: a closed grammar over facts and thresholds, and its functions by theme."""
