"""Reads a condition: Python's own parser, and then only what the rule language has."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from benzotaper.errors import RuleError, did_you_mean, hint
from benzotaper.fact_types import fact_types
from benzotaper.profiles import default_threshold_names
from benzotaper.rulebook import KINDS, rule_ids
from benzotaper.rules.functions import FUNCTIONS, Function
from benzotaper.rules.nodes import (
    AllOf,
    AnyOf,
    Called,
    Compared,
    FactName,
    Limit,
    Matched,
    Node,
    Not,
    Quantity,
    YesNo,
)

_OPS: Mapping[type, str] = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "==", ast.NotEq: "!="}
_ORDER = (">=", ">", "<=", "<")
_UPWARD = (">=", ">")


class Reader:
    """Reads conditions; the same part in two of them becomes the same node, so that it is evaluated once.

    Attributes:
        nodes: all nodes made so far, by what they say.
    """

    def __init__(self) -> None:
        self.nodes: dict[tuple[str, bool, str], Node] = {}
        self._condition = ""
        self._rule = ""

    def read(self, condition: str, *, rule_id: str, worse: bool) -> Node:
        """The condition as a node.

        Args:
            condition: its text.
            rule_id: the rule that it belongs to.
            worse: whether TRUE is the worse answer: of a rule that permits something, FALSE is.

        Raises:
            RuleError: what is not in the language, with the part that is not.
        """
        self._condition, self._rule = condition, rule_id
        try:
            tree = ast.parse(condition, mode="eval")
        except SyntaxError as error:
            self._refuse(condition, f"it is no expression ({error.msg})")
        return self._truth(tree.body, worse)

    def _refuse(self, part: object, why: str) -> NoReturn:
        shown = ast.unparse(part) if isinstance(part, ast.AST) else str(part)
        message = f"rule {self._rule}: {shown!r} is not in the rule language: {why}"
        raise RuleError(message, condition=self._condition, value=shown)

    def _node(self, kind: Callable[..., Node], part: ast.AST, worse: bool, *, own: str = "", **fields: Any) -> Node:
        text = ast.unparse(part)
        key = (text, worse, own)
        if key not in self.nodes:
            self.nodes[key] = kind(text=text, worse=worse, place=len(self.nodes), **fields)
        return self.nodes[key]

    # ---- conditions

    def _truth(self, part: ast.AST, worse: bool) -> Node:
        if isinstance(part, ast.BoolOp):
            args = tuple(self._truth(each, worse) for each in part.values)
            return self._node(AllOf if isinstance(part.op, ast.And) else AnyOf, part, worse, args=args)
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            return self._node(Not, part, worse, arg=self._truth(part.operand, not worse))
        if isinstance(part, ast.Compare):
            return self._comparison(part, worse)
        if isinstance(part, ast.Call):
            return self._called(part, worse, gives="truth")
        name = self._name(part)
        if name.startswith("t."):
            return self._limit(part, worse)
        return self._node(YesNo, part, worse, fact=self._fact(part, "bool"))

    def _comparison(self, part: ast.Compare, worse: bool) -> Node:
        if len(part.ops) != 1 or type(part.ops[0]) not in _OPS:
            self._refuse(part, f"a comparison has one of {', '.join(_OPS.values())}")
        op, left, right = _OPS[type(part.ops[0])], part.left, part.comparators[0]
        if isinstance(right, ast.Constant) and not isinstance(right.value, str):
            self._refuse(right, "a number stands in a profile; name its threshold, as t.name")
        if isinstance(right, ast.Constant):
            return self._matched(part, worse, op)
        if op not in _ORDER:
            self._refuse(part, "== and != compare a fact with a word in quotes")
        higher = (op in _UPWARD) == worse
        sides = self._operand(left, higher), self._operand(right, not higher)
        return self._node(Compared, part, worse, op=op, left=sides[0], right=sides[1])

    def _matched(self, part: ast.Compare, worse: bool, op: str) -> Node:
        fact = self._fact(part.left, "enum")
        levels = fact_types()[fact].levels
        bit = 1 << levels.index(self._word(part.comparators[0], levels))
        accepts = {"==": bit, "!=": ((1 << len(levels)) - 1) & ~bit}.get(op)
        if accepts is None:
            self._refuse(part, "a word is compared by == or !=; at_least(fact, word) knows their order")
        return self._node(Matched, part, worse, fact=fact, accepts=accepts)

    # ---- operands

    def _operand(self, part: ast.AST, higher: bool) -> Node:
        """A number; `higher`: whether the higher one is worse."""
        if isinstance(part, ast.Call):
            return self._called(part, higher, gives="number")
        if self._name(part).startswith("t."):
            return self._limit(part, higher)
        return self._node(Quantity, part, higher, fact=self._fact(part, "int|number|list"))

    def _limit(self, part: ast.AST, worse: bool) -> Node:
        name = self._name(part).removeprefix("t.")
        known = default_threshold_names()
        if name not in known:
            self._refuse(part, f"no threshold has this name{hint(did_you_mean(name, known))}")
        return self._node(Limit, part, worse, name=name)

    def _fact(self, part: ast.AST, kinds: str) -> str:
        name, known = self._name(part), fact_types()
        if name not in known:
            self._refuse(part, f"no fact has this name{hint(did_you_mean(name, known))}")
        if known[name].kind not in kinds.split("|"):
            self._refuse(part, f"it is of kind {known[name].kind}, where {kinds.replace('|', ' or ')} stands")
        return name

    def _name(self, part: ast.AST) -> str:
        if isinstance(part, ast.Name):
            return part.id
        if not (
            isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in ("t", "plan")
        ):
            self._refuse(part, "a name of a fact or a threshold (t.name) stands here")
        return f"{part.value.id}.{part.attr}"

    def _word(self, part: ast.AST, known: "tuple[str, ...]") -> str:
        if not (isinstance(part, ast.Constant) and isinstance(part.value, str)):
            self._refuse(part, "a word in quotes stands here")
        if part.value not in known:
            self._refuse(part, f"it is not one of {', '.join(known)}{hint(did_you_mean(part.value, known))}")
        return part.value

    # ---- functions

    def _called(self, part: ast.Call, worse: bool, *, gives: str) -> Node:
        name = part.func.id if isinstance(part.func, ast.Name) else ""
        if name not in FUNCTIONS:
            self._refuse(part, f"no function has this name{hint(did_you_mean(name, FUNCTIONS))}")
        function = FUNCTIONS[name]
        if gives != function.gives and not (gives == "number" and function.gives == "quotient"):
            self._refuse(part, f"it gives a {function.gives}, where a {gives} stands")
        if part.keywords or any(isinstance(arg, ast.Starred) for arg in part.args):
            self._refuse(part, "arguments stand in order, without names")
        own = self._rule if "own" in function.takes else ""
        what = {"value": function.value, "gives": function.gives, "alone": function.alone}
        args = tuple(self._args(part, function, worse))
        return self._node(Called, part, worse, own=own, function=name, args=args, **what)

    def _args(self, part: ast.Call, function: Function, worse: bool) -> Iterator[Any]:
        given = list(part.args)
        fact = ""
        for takes in function.takes:
            if takes == "own":
                yield self._rule
                continue
            kind, many, optional = takes.rstrip("?*"), takes.endswith("*"), takes.endswith("?")
            if not given and not optional:
                self._refuse(part, "an argument is missing")
            while given:
                upward = worse if kind != "baseline" else worse == (self._word(given[1], _ORDER) in _UPWARD)
                arg = self._arg(given.pop(0), kind, upward, fact)
                fact = arg if isinstance(arg, FactName) else fact
                yield arg
                if not many:
                    break
        if given:
            self._refuse(given[0], "it is one argument too many")

    def _arg(self, part: ast.AST, kind: str, worse: bool, fact: str) -> Any:
        """One argument; `fact` is the one named before it, whose words a level or a form must be among."""
        words = self._words(kind, fact)
        if words:
            return self._word(part, words)
        if kind == "truth":
            return self._truth(part, worse)
        if kind in ("same", "other", "baseline"):
            return self._operand(part, worse == (kind == "same"))
        if kind in ("limit", "limits", "met", "whole", "window"):
            called = kind == "window" and isinstance(part, ast.Call)
            return self._called(part, worse, gives="window") if called else self._limit(part, worse)  # type: ignore[arg-type]
        return FactName(self._fact(part, "int|number|enum" if kind == "daily" else kind))

    def _words(self, kind: str, fact: str) -> tuple[str, ...]:
        """The words that may stand for an argument; none where it is no word."""
        known = {"op": (*_ORDER, "=="), "rule": rule_ids(), "kind": KINDS}
        if kind in ("level", "met"):
            return fact_types()[fact].levels
        return fact_types()[fact].forms if kind == "form" else known.get(kind, ())
