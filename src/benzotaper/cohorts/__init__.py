"""A million tapers: a frame of people becomes a frame of plans, each distinct person planned once."""
