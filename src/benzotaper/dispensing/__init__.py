"""From ideal doses to tablets: which doses can be made, of which pieces, and how the day's doses fall."""
