"""Checks a finished plan by code that shares nothing with what makes plans: it reads only the plan's JSON form."""
