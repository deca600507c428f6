"""Observed use: what people were dispensed as daily doses, and the pace at which they really came down."""
