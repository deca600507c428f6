"""Schedules that other people wrote, as received: tables, lines and lists become entries, and entries become levels."""
