"""What a plan is given out as; each module reads only records or plan JSON, and plans nothing."""
