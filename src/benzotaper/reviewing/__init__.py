"""Reviews: what a review says, to whom, in which form; and many at once."""
