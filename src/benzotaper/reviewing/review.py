"""A review: what was found, with its outputs."""

from typing import TYPE_CHECKING, Any

from benzotaper.reviewing.found import Found
from benzotaper.reviewing.json_review import review_dict, review_json
from benzotaper.reviewing.pages import review_fragment, review_html, review_text

if TYPE_CHECKING:
    import pandas as pd


class Review(Found):
    """What the rules found about one person at one moment. It proposes; a named clinician decides.

    Attributes: those of `Found`.
    """

    def to_text(self, *, role: str = "clinician") -> str:
        """As plain text for a clinician (everything), a coach or the patient (fixed texts)."""
        return review_text(self, role=role)

    def to_html(self, *, role: str = "clinician") -> str:
        """As one self-contained page, for the same roles."""
        return review_html(self, role=role)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return review_dict(self)

    def to_json(self) -> str:
        """Everything as JSON (schema in the package)."""
        return review_json(self)

    def to_frame(self) -> "pd.DataFrame":
        """A row a rule: rule, kind, truth, urgency, urgency_not_excluded, directive, latched, unknown, changes_if."""
        from benzotaper.reviewing.frames import review_frame_of  # noqa: PLC0415  pandas loads at the first frame

        return review_frame_of(self)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        drill = "DRILL, " if self.drill else ""
        return (
            f"<Review {drill}{self.urgency_known}, not excluded {self.urgency_not_excluded}, "
            f"directive {self.directive}, may_step {self.may_step}>"
        )

    def _repr_html_(self) -> str:
        return review_fragment(self, role="clinician")
