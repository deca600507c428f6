"""Strategies side by side: measured alike, drawn together, ranked by what the caller names."""
