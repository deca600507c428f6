"""Every kind of planted fault."""

import planted_courses
import planted_days
import planted_tablets
from plants import KINDS, planted

__all__ = ["KINDS", "planted", "planted_courses", "planted_days", "planted_tablets"]
