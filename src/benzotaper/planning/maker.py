"""Walks through the phases of a request: lines of drugs fall, cross over and end, and become a plan's record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache, partial
from typing import NamedTuple

from benzotaper import equivalence
from benzotaper.align import aligned, read_align
from benzotaper.dispensing.descent import Evenly, State
from benzotaper.dispensing.reduce import Reduce, read_reduce
from benzotaper.dispensing.shelf import MAX_PIECES, EveryDose, Shelf, shelf_for
from benzotaper.doses import NG_PER_MG, Dose, mg_text
from benzotaper.drugs import drug_named
from benzotaper.equivalence_rows import EVERY_TABLE
from benzotaper.errors import AcknowledgementError, PlanError, StrategyError
from benzotaper.findings import SHORT_HALF_LIFE_H, half_life_words
from benzotaper.formulary import stocked
from benzotaper.planning import crossing, descents, smoothing
from benzotaper.planning.draft import Doses, Draft, Line, dated_steps
from benzotaper.product import AnyDose, Product
from benzotaper.regimen import Regimen
from benzotaper.schedules.alternate_day import AlternateDay
from benzotaper.schedules.base import Strategy, Taper
from benzotaper.schedules.hyperbolic import Hyperbolic
from benzotaper.schedules.substitution import Substitution
from benzotaper.steps import (
    CrossOver,
    DiazepamFactor,
    Ending,
    Finding,
    IdealDose,
    PlanRecord,
    Request,
    Step,
)
from benzotaper.unknown import Unknown


class Outline(NamedTuple):
    """What is taken on which days: a plan before dates, pieces and findings, and all that a cohort keeps of it.

    Attributes:
        draft: the stages.
        present: what is taken now.
        finest_fall: the smallest fall from the present doses (ng).
        ending: how the plan ends.
        remaining: the strategies left behind a gate, as text.
        notes: findings that only the planner can make.
    """

    draft: Draft
    present: Doses
    finest_fall: int
    ending: Ending
    remaining: tuple[str, ...]
    notes: tuple[Finding, ...]


@dataclass(slots=True)
class PlanMaker:
    """Walks through the phases of one request."""

    request: Request
    phases: tuple[Strategy, ...]
    products: str | tuple[Product, ...] | AnyDose
    reduce: Reduce
    liquids: bool | Product
    table: "str | equivalence.Table"
    lines: list[Line] = field(default_factory=list)
    crossings: list[CrossOver] = field(default_factory=list)

    def outline(self) -> Outline:
        """What is taken on which days.

        Raises:
            BenzotaperError: whatever a plan is refused for; `record` refuses nothing more without `align`.
        """
        self._check_request()
        draft = Draft(self.request.fit)
        line = self._first_line()
        smooth = self.request.fit == smoothing.SMOOTHEST
        chain = smoothing.chain_for(line, self.phases) if smooth else ()
        draft.beside = self._beside(line)
        present = draft.whole(line.doses(line.state))
        if self.request.lead_in_days:
            draft.add(self.request.lead_in_days, (line.doses(line.state),), finest_fall=line.finest_fall())
        finest = line.finest_fall()
        ending, remaining = self._walk(draft, line)
        notes: tuple[Finding, ...] = ()
        if smooth:
            draft, proof = smoothing.smoothed(draft, line, chain, lead_in=self.request.lead_in_days, ending=ending)
            notes = (proof,)
        self._check_in_table()
        return Outline(
            draft=draft, present=present, finest_fall=finest, ending=ending, remaining=remaining, notes=notes
        )

    def falling(self) -> tuple[int, ...] | None:
        """The totals (ng) from the present one down, where one chain that hangs on nothing else leads to zero.

        Raises:
            BenzotaperError: as `outline`, for the regimen and its products.
        """
        self._check_request()
        line = self._first_line()
        chained = isinstance(line.way, Evenly) and isinstance(line.shelf, Shelf)
        return tuple(map(sum, line.way.chain(line.state))) if chained else None

    def record(self) -> PlanRecord:
        """The plan's record, without findings."""
        outline = self.outline()
        draft = outline.draft
        return PlanRecord(
            request=self.request,
            shelf=tuple(p for known in self.lines if isinstance(known.shelf, Shelf) for p in known.shelf.products),
            steps=self._steps(draft, outline.present, outline.finest_fall),
            ending=outline.ending,
            remaining=outline.remaining,
            ideal=partial(_ideal, self.request.start, draft.ideals),
            factors=tuple(self._factors()),
            crossovers=self._crossovers(draft, outline.present),
            notes=outline.notes,
        )

    def _steps(self, draft: Draft, present: Doses, finest: int) -> tuple[Step, ...]:
        request = self.request
        steps = dated_steps(draft, present, request.start, finest_fall=finest, lines=self.lines)
        return aligned(steps, read_align(request.align), start=request.start) if request.align else steps

    def _check_in_table(self) -> None:
        """Refuse a drug that the plan's own table lacks, naming the tables that have it."""
        if self.request.table:
            for line in self.lines:
                equivalence.mg_range_in_diazepam(line.drug, 1, self._table())

    def _check_request(self) -> None:
        request = self.request
        named = {phase.table for phase in self.phases if isinstance(phase, Substitution)} | {request.table}
        if len(named - {""}) > 1:
            message = f"one plan has one equivalence table; table={request.table!r} and the cross-overs name several"
            raise PlanError(message, value=request.table)

    def _table(self) -> "equivalence.Table":
        return equivalence.table_named(self.table or self.request.table)

    # ---- lines: a drug, what can be made of it, and how it falls

    def _first_line(self) -> Line:
        first = self.phases[0]
        untouched = isinstance(first, Substitution) and first.at_once and not self._keeps_present()
        return self._line_of(self.request.regimen, untouched=untouched)

    def _beside(self, line: Line) -> Doses:  # noqa: ARG002  one drug has none beside it
        """What is taken of other drugs."""
        return ()

    def _line_of(self, regimen: Regimen, *, untouched: bool) -> Line:
        """The line of one drug; of one that is replaced at once, no product need make it."""
        doses = regimen.doses
        state = tuple([dose.ng for dose in doses.values()])
        shelf = EveryDose() if untouched else self._shelf(regimen.drug, regimen.release, max(state))
        if isinstance(shelf, Shelf):
            for intake in regimen.intakes:
                if not shelf.makes(intake.dose.ng):
                    shelf = self._roomier(shelf, intake.dose.ng, f"the {intake.time} dose")
        return self._line(regimen.drug, tuple(doses), shelf, state)

    def _keeps_present(self) -> bool:
        """Whether the current regimen is kept for a while, and so must be dispensed."""
        request = self.request
        moved = request.align and not read_align(request.align).allows(request.start, start=request.start)
        return bool(request.lead_in_days or moved)

    def _shelf(self, drug: str, release: str, largest: int) -> Shelf | EveryDose:
        if isinstance(self.products, AnyDose):
            return EveryDose()
        stock = stocked(self.products, drug=drug, liquids=self.liquids, release=release)
        pieces = self.request.max_pieces or MAX_PIECES
        return shelf_for(stock, splitting=self.request.splitting, max_pieces=pieces, largest=largest)

    def _roomier(self, shelf: Shelf, ng: int, what: str) -> Shelf:
        """More pieces than six, where what is taken now needs more and the caller set no limit."""
        if self.request.max_pieces:
            raise shelf.refusal(ng, what=what)
        for pieces in range(shelf.max_pieces + 1, ng // shelf.finest + 1):
            more = shelf_for(shelf.stock, splitting=shelf.splitting, max_pieces=pieces, largest=shelf.largest)
            if more.makes(ng):
                return more
        raise shelf.refusal(ng, what=what)

    def _line(self, drug: str, times: tuple[str, ...], shelf: Shelf | EveryDose, state: State) -> Line:
        if any(line.drug == drug for line in self.lines):
            raise PlanError(f"the plan crosses to {drug} again; a plan crosses to a drug once", value=drug)
        total = sum(state)
        way = read_reduce(self.reduce, times, shelf, state, drug=drug)
        line = Line(drug, times, shelf, way, state, ideal=total, base=total)
        self.lines.append(line)
        return line

    # ---- phases

    def _walk(self, draft: Draft, line: Line) -> tuple[Ending, tuple[str, ...]]:
        """Follow the phases in turn; how the plan ends, and what is left behind a gate."""
        for number, phase in enumerate(self.phases):
            later = self.phases[number + 1 :]
            if isinstance(phase, Substitution):
                line = self._cross(draft, line, phase)
                continue
            assert isinstance(phase, Taper)  # noqa: S101  a strategy is a taper or a substitution
            # a maintenance dose is one of the plan's last drug
            target = 0 if any(isinstance(p, Substitution) for p in later) else self.request.target.ng
            self._check_phase(phase, line, target=target, later=later)
            ends = not later and not target
            if self._descend(draft, line, phase, ends=ends, target=target):
                draft.leave_open()
                return "gate", descents.behind_gate(phase, line, later)
            if ends:
                return "zero", ()
        self._stay(draft, line)
        return "maintenance", ()

    def _descend(self, draft: Draft, line: Line, phase: Taper, *, ends: bool, target: int) -> bool:
        last_dose = self.request.last_dose.ng
        if not ends:
            return descents.descend(draft, line, phase, target=target)
        if last_dose > line.total:
            present = mg_text(line.total)
            message = f"last_dose={mg_text(last_dose)} mg is above the {present} mg that are taken then; give less"
            raise PlanError(message, value=self.request.last_dose)
        if last_dose:
            descents.check_makeable(line, last_dose, what="last_dose")
        descents.check_ends(phase, line, last_dose=last_dose)
        return descents.descend_to_end(draft, line, phase, last_dose=last_dose)

    def _stay(self, draft: Draft, line: Line) -> None:
        target = self.request.target.ng
        if not target or line.ideal != target:
            message = (
                f"the last phase ends at {mg_text(line.ideal)} mg of {line.drug}: add a phase that goes on from there, "
                f"or give target='{mg_text(line.ideal)} mg' to stay there"
            )
            raise PlanError(message, value=self.phases[-1])
        line.state = descents.check_makeable(line, target, what="target")
        draft.stay(line)

    def _check_phase(self, phase: Taper, line: Line, *, target: int, later: Sequence[Strategy]) -> None:
        if target >= line.ideal:
            message = f"target={mg_text(target)} mg is not below the {mg_text(line.ideal)} mg that '{phase}' begins at"
            raise PlanError(message, value=self.request.target)
        end = phase.floor(line.base)
        if later and end < self.request.last_dose.ng and not any(isinstance(p, Substitution) for p in later):
            message = (
                f"'{phase}' goes to {mg_text(end)} mg, below last_dose={self.request.last_dose}; give a higher down_to="
            )
            raise PlanError(message, value=phase)
        if end >= line.ideal:
            begins = mg_text(line.ideal)
            message = f"'{phase}' would end at {mg_text(end)} mg, which is not below the {begins} mg it begins at"
            raise PlanError(message, value=phase)
        if isinstance(phase, Hyperbolic) and phase.drug not in ("", line.drug):
            message = (
                f"the preset {phase.preset!r} is for {phase.drug}, not for {line.drug}; give half occupancy in mg a day"
            )
            raise StrategyError(message, value=phase)
        if isinstance(phase, AlternateDay):
            self._check_alternate_day(phase, line)

    def _check_alternate_day(self, phase: AlternateDay, line: Line) -> None:
        if phase.zero_days and self.request.last_dose.ng:
            message = f"days without any dose lie below last_dose={self.request.last_dose}; give one of the two"
            raise PlanError(message, value=phase)
        if self.request.acknowledge:
            return
        drug = drug_named(line.drug)
        long = not isinstance(drug.rule_half_life_h, Unknown) and drug.rule_half_life_h >= SHORT_HALF_LIFE_H
        nightly_hypnotic = drug.hypnotic == "yes" and line.times == ("night",)
        if not (long or nightly_hypnotic):
            message = (
                f"alternate-day doses of {drug.name}, whose half-life {half_life_words(drug)}, can bring withdrawal on "
                "each low day: give acknowledge='who owns this, and why', or choose another strategy"
            )
            raise AcknowledgementError(message, what="alternate-day")

    # ---- cross-overs

    def _cross(self, draft: Draft, old: Line, phase: Substitution) -> Line:
        table = self._table()
        if phase.to == old.drug:
            raise StrategyError(f"'{phase}' replaces {old.drug} by itself; name another drug", value=phase)
        factor = equivalence.factor(old.drug, phase.to, table=table, pick=phase.pick)
        whole = Dose.of_ng(old.total)
        first = len(draft.stages)

        def line_for(doses: State) -> Line:
            shelf = self._shelf(phase.to, "IR", max(doses))
            crossing.check_largest(shelf, doses)
            return self._line(phase.to, old.times, shelf, doses)

        others = crossing.other_tables(old.drug, whole, phase.to)
        if phase.at_once and not self.request.acknowledge:
            crossing.check_at_once(old.drug, whole, phase.to, factor, others, table)
        new = crossing.cross(draft, old, phase, factor, line_for=line_for)
        # the way down starts from what was really made
        new.way = read_reduce(self.reduce, new.times, new.shelf, new.state, drug=new.drug)
        self.crossings.append(
            CrossOver(
                drug=old.drug,
                to=phase.to,
                table=table.id,
                pick=phase.pick,
                factor=factor,
                first_step=first,
                last_step=len(draft.stages) - 1,
                other_tables=others,
            )
        )
        return new

    def _crossovers(self, draft: Draft, present: Doses) -> tuple[CrossOver, ...]:
        """Stage numbers become step numbers: step 0 is no stage where the current regimen lasts no day."""
        shift = 0 if draft.stages[0].cycle == (present,) else 1
        return tuple(
            replace(cross, first_step=cross.first_step + shift, last_step=cross.last_step + shift)
            for cross in self.crossings
        )

    def _factors(self) -> Iterator[DiazepamFactor]:
        """Diazepam mg per mg of each drug: by the plan's table, or the extremes of the default tables."""
        own = (self._table(),) if self.request.table else ()
        for line in self.lines:
            if factor := _factor(line.drug, own):
                yield factor


def _ideal(start: date, ideals: Sequence[tuple[int, str, int]]) -> tuple[IdealDose, ...]:
    """The ideal course, dated; made only where it is looked at."""
    return tuple(
        IdealDose(start=start + timedelta(days=day), drug=drug, mean=Dose.of_ng(ng)) for day, drug, ng in ideals
    )


@lru_cache(maxsize=1024)
def _factor(drug: str, tables: "tuple[equivalence.Table, ...]") -> DiazepamFactor | None:
    """Diazepam mg per mg of a drug, by those of the tables that have it; the default tables where none is given."""
    if drug == equivalence.DIAZEPAM:
        one = Fraction(1)
        return DiazepamFactor(drug=drug, low=one, low_table=EVERY_TABLE, high=one, high_table=EVERY_TABLE)
    having = [table for table in tables or equivalence.default_tables() if table.has(drug)]
    ranges = [(equivalence.mg_range_in_diazepam(drug, NG_PER_MG, table), table.id) for table in having]
    if not ranges:
        return None
    low, low_table = min((mg[0], table) for mg, table in ranges)
    high, high_table = max((mg[1], table) for mg, table in ranges)
    return DiazepamFactor(drug=drug, low=low, low_table=low_table, high=high, high_table=high_table)
