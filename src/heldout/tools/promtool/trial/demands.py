"""What an expression asks of each of its series so that it is true, or is not: bounds on levels and rates.

Bounds are carried down the tree by undoing each operation. promtool decides afterwards what really fires; where
carrying down is wrong, an alert is said to be unclear or the evaluation shows it.
"""

import math

from heldout.tools.promtool.trial.labels import Labels, labelled
from heldout.tools.promtool.trial.leaf import AGE, BUCKETS, COUNTER, GAUGE, STAMP, TOGGLE, Leaf
from heldout.tools.promtool.trial.promql import (
    COMPARISONS,
    Aggregate,
    Binary,
    Call,
    Negative,
    Node,
    Number,
    Selector,
    Subquery,
    Text,
    Unclear,
    nodes,
)
from heldout.tools.promtool.trial.words import bounds_of

__all__ = ["demands"]

NEGATED = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}
THROUGH = frozenset(
    {"abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "scalar", "sort", "sort_desc"}
    | {"label_replace", "label_join"}
)
OVER_TIME = frozenset({"avg_over_time", "min_over_time", "max_over_time", "last_over_time", "quantile_over_time"})
LINES = frozenset({"predict_linear", "holt_winters", "double_exponential_smoothing"})
SPREADS = frozenset({"changes", "resets", "stddev_over_time", "stdvar_over_time"})
BASE = 10.0
"""The level that a series gets with which another is compared."""

MOST_COPIES = 50


def demands(tree: Node, truth: bool, interval: float) -> dict[tuple[str, Labels], Leaf]:
    """Return the series of an expression, by metric and labels, with what makes it true, or keeps it from being so.

    `interval` are the seconds between samples. Raises Unclear for what cannot be carried down.
    """
    carried = _Carried(labelled(tree), interval)
    for one in nodes(tree):
        if isinstance(one, Selector):
            carried.leaf(one)
    carried.want(tree, truth)
    return carried.leaves


class _Carried:
    def __init__(self, labels: dict[Selector, Labels], interval: float) -> None:
        self.labels = labels
        self.interval = interval
        self.leaves: dict[tuple[str, Labels], Leaf] = {}
        self.copies = 1

    def leaf(self, selector: Selector) -> Leaf:
        key = (selector.name, self.labels[selector])
        return self.leaves.setdefault(key, Leaf(name=selector.name, labels=key[1]))

    # what is true

    def want(self, node: Node, truth: bool) -> None:
        """Ask that an expression has an element, or none."""
        if isinstance(node, Binary) and node.sign in ("and", "or", "unless"):
            self._want_set(node, truth)
        elif isinstance(node, Binary) and node.sign in COMPARISONS:
            self.compare(node, node.sign if truth else NEGATED[node.sign])
        elif isinstance(node, Call) and node.name in ("absent", "absent_over_time"):
            for leaf in self._leaves_of(node):
                leaf.gone, leaf.absent = truth, True
        elif isinstance(node, Aggregate):
            self.want(node.argument, truth)
        elif isinstance(node, Call) and node.name in THROUGH and node.arguments:
            self.want(node.arguments[0], truth)
        elif isinstance(node, Number):
            pass  # an element, whatever the series

    def _want_set(self, node: Binary, truth: bool) -> None:
        if node.sign == "unless":
            self.want(node.left, truth)
            self.want(node.right, False)
            if isinstance(node.right, Selector):
                self.leaf(node.right).gone = True  # nothing but its absence keeps it from being there
        elif node.sign == "or" or truth:
            self.want(node.left, truth)
            self.want(node.right, truth)
        else:  # the first side is what it is about, the other a guard
            self.want(node.left, False)
            self.want(node.right, True)

    def compare(self, node: Binary, sign: str) -> None:
        """Ask that the left side stands to the right one as `sign` says."""
        left, right = node.left, node.right
        if self._is_fixed(right):
            self.need(left, sign, self.number(right))
        elif self._is_fixed(left):
            self.need(right, TURNED[sign], self.number(left))
        elif self._has_time(left) or self._has_time(right):
            self.need(Binary("-", left, right), sign, 0.0)
        else:
            self.freeze(right, left)
            self.need(left, sign, self.number(right))

    # what a value has to be

    def need(self, node: Node, sign: str, bound: float) -> None:
        """Ask that the value of `node` stands to `bound` as `sign` says."""
        if isinstance(node, Selector):
            self._ask(node, GAUGE, sign, bound)
        elif isinstance(node, Negative):
            self.need(node.argument, TURNED[sign], -bound)
        elif isinstance(node, Subquery):
            self.need(node.argument, sign, bound)
        elif isinstance(node, Aggregate):
            self._need_aggregate(node, sign, bound)
        elif isinstance(node, Call):
            self._need_call(node, sign, bound)
        elif isinstance(node, Binary):
            self._need_binary(node, sign, bound)
        elif isinstance(node, Text):
            raise Unclear("a text stands where a number is asked for")

    def _need_aggregate(self, node: Aggregate, sign: str, bound: float) -> None:
        if node.name == "count":
            if sign not in (">", ">="):
                if any(isinstance(one, Binary) and one.sign in COMPARISONS for one in nodes(node.argument)):
                    self.want(node.argument, False)
                    return
                raise Unclear("a count of series from above")
            if bound >= MOST_COPIES:
                raise Unclear(f"a count of more than {MOST_COPIES} series")
            for leaf in self._leaves_of(node):
                leaf.copies = max(leaf.copies, math.floor(max(bound, 0.0)) + 1)
            self.want(node.argument, True)
        elif node.name in ("stddev", "stdvar", "count_values"):
            raise Unclear(f"{node.name} over series")
        else:
            self.need(node.argument, sign, bound)

    def _need_call(self, node: Call, sign: str, bound: float) -> None:
        name, arguments = node.name, node.arguments
        if name == "histogram_quantile" and len(arguments) == 2:
            self._need_quantile(arguments[1], sign, bound)
        elif name in THROUGH and arguments:
            self.need(arguments[0], sign, bound)
        elif name in {"absent", "absent_over_time"}:
            self.want(node, _holds(1.0, sign, bound))
        elif name == "timestamp" and arguments:
            for leaf in self._leaves_of(node):
                leaf.mode = STAMP
        elif name in ("sqrt", "exp", "ln", "log2", "log10") and arguments:
            self.need(arguments[0], sign, _undone(name, bound))
        elif name == "vector" and arguments:
            self.need(arguments[0], sign, bound)
        else:
            self._need_range(node, sign, bound)

    def _need_range(self, node: Call, sign: str, bound: float) -> None:
        name = node.name
        inside = next((one for one in node.arguments if isinstance(one, Selector | Subquery)), None)
        if inside is None or inside.range is None:
            raise Unclear(f"{name}() as it is used here")
        span = inside.range or 0.0
        if name in OVER_TIME | LINES:
            self._inner(inside, GAUGE, sign, bound)
        elif name in ("rate", "irate", "deriv"):
            self._inner(inside, COUNTER, sign, bound, signed=name == "deriv")
        elif name in ("increase", "delta"):
            self._inner(inside, COUNTER, sign, bound / span, signed=name == "delta")
        elif name == "sum_over_time":
            self._inner(inside, GAUGE, sign, bound / max(span / self.interval, 1.0))
        elif name in SPREADS:
            self._inner(inside, TOGGLE, "==", 1.0 if _holds(1e9, sign, bound) else 0.0)
        else:
            raise Unclear(f"{name}()")

    def _inner(self, node: Selector | Subquery, mode: str, sign: str, bound: float, *, signed: bool = False) -> None:
        if isinstance(node, Selector):
            self._ask(node, mode, sign, bound, signed=signed)
        elif mode == GAUGE:
            self.need(node.argument, sign, bound)
        else:
            raise Unclear("a rate of something that is computed")

    def _need_quantile(self, node: Node, sign: str, bound: float) -> None:
        found = [one for one in nodes(node) if isinstance(one, Selector)]
        if len(found) != 1:
            raise Unclear("a quantile of several metrics")
        if not found[0].name.endswith("_bucket"):
            raise Unclear("a quantile of a metric that is no _bucket")
        self._ask(found[0], BUCKETS, sign, bound)

    def _need_binary(self, node: Binary, sign: str, bound: float) -> None:
        if node.sign in COMPARISONS:
            self.want(node, _holds(1.0, sign, bound) if node.is_bool else True)
            if not node.is_bool:
                self.need(node.left, sign, bound)
        elif node.sign in ("and", "unless"):
            self.need(node.left, sign, bound)
            self.want(node.right, node.sign == "and")
        elif node.sign == "or":
            for side in (node.left, node.right):
                if not self._is_fixed(side):
                    self.need(side, sign, bound)
        else:
            self._need_arithmetic(node, sign, bound)

    def _need_arithmetic(self, node: Binary, sign: str, bound: float) -> None:
        if self._is_fixed(node.right):
            self._undo_right(node, self.number(node.right), sign, bound)
        elif self._is_fixed(node.left):
            self._undo_left(node, self.number(node.left), sign, bound)
        elif self._has_time(node):
            self._need_age(node, sign, bound)
        elif not self._need_share(node, sign, bound):
            self.freeze(node.right, node.left)
            self._undo_right(node, self.number(node.right), sign, bound)

    def _undo_right(self, node: Binary, known: float, sign: str, bound: float) -> None:
        if node.sign in ("+", "-"):
            self.need(node.left, sign, bound - known if node.sign == "+" else bound + known)
        elif node.sign in ("*", "/") and known:
            self.need(
                node.left, sign if known > 0 else TURNED[sign], bound / known if node.sign == "*" else bound * known
            )
        elif node.sign == "^" and known > 0 and bound >= 0:
            self.need(node.left, sign, bound ** (1 / known))
        else:
            raise Unclear(f"the operation {node.sign} as it is used here")

    def _undo_left(self, node: Binary, known: float, sign: str, bound: float) -> None:
        if node.sign == "+":
            self.need(node.right, sign, bound - known)
        elif node.sign == "-":
            self.need(node.right, TURNED[sign], known - bound)
        elif node.sign == "*" and known:
            self.need(node.right, sign if known > 0 else TURNED[sign], bound / known)
        elif node.sign == "/" and bound and known / bound > 0:
            self.need(node.right, TURNED[sign], known / bound)
        else:
            raise Unclear(f"the operation {node.sign} as it is used here")

    def _need_age(self, node: Binary, sign: str, bound: float) -> None:
        """Ask for an age: the clock minus a metric, or a metric minus the clock."""
        left, right = node.left, node.right
        if node.sign != "-":
            raise Unclear("a clock that is not subtracted")
        is_clock_left = self._has_time(left)
        metric, sign = (right, sign) if is_clock_left else (left, TURNED[sign])
        bound = bound if is_clock_left else -bound
        clock = left if is_clock_left else right
        if not (isinstance(clock, Call) and clock.name == "time"):
            raise Unclear("a clock inside of an operation")
        if isinstance(metric, Call) and metric.name == "timestamp":
            self.need(metric, sign, bound)
            return
        found = self._leaves_of(metric)
        if any(isinstance(one, Binary) for one in nodes(metric)):
            raise Unclear("a clock minus something that is computed")
        for leaf in found:
            leaf.mode = AGE
            leaf.bounds.append((sign, bound))

    def _need_share(self, node: Binary, sign: str, bound: float) -> bool:
        """Ask for a share of a metric by its labels in the whole metric; False when this is none."""
        left = [one for one in nodes(node.left) if isinstance(one, Selector)]
        right = [one for one in nodes(node.right) if isinstance(one, Selector)]
        if node.sign != "/" or len(left) != 1 or len(right) != 1 or left[0].name != right[0].name:
            return False
        narrow, wide = self.leaf(left[0]), self.leaf(right[0])
        matched = {label for label, *_ in right[0].matchers}
        if narrow is wide or not {label for label, *_ in left[0].matchers} > matched or _shifts(right[0]):
            return False
        share = Leaf(name="share", labels=(), bounds=[(sign, bound)])
        chosen = min(max(share.value() if bound < 0.25 or sign[0] != ">" else (1 + bound) / 2, 0.0), 1.0)
        for leaf, part in ((narrow, chosen), (wide, 1 - chosen)):
            leaf.mode = COUNTER if left[0].range is not None else GAUGE
            leaf.level = BASE * part
        return True

    # sides that are fixed, so that the other can be asked

    def freeze(self, node: Node, other: Node) -> None:
        """Give the metrics of a side a level; a metric that is compared with its own past gets that past."""
        theirs = {id(self.leaf(one)): one for one in nodes(other) if isinstance(one, Selector)}
        for one in nodes(node):
            if isinstance(one, Call) and one.name in ("histogram_quantile", "timestamp"):
                raise Unclear(f"{one.name}() on the right side of an operation")
            if isinstance(one, Selector):
                leaf = self.leaf(one)
                if theirs.get(id(leaf), one) != one:  # the same series at another time, or over another span
                    leaf.past = BASE
                elif leaf.level is None:
                    leaf.level = leaf.value() if leaf.bounds else min(BASE, bounds_of(leaf.name, is_rate=False)[1] / 2)
        self._set_modes(node)

    def _set_modes(self, node: Node) -> None:
        for one in nodes(node):
            if isinstance(one, Call) and one.name in ("rate", "irate", "increase", "delta", "deriv"):
                for leaf in self._leaves_of(one):
                    leaf.mode = COUNTER

    def number(self, node: Node) -> float:
        """Return the value of a side whose metrics are fixed. Raises Unclear for what is not computed here."""
        found = math.nan
        if isinstance(node, Number):
            found = node.value
        elif isinstance(node, Selector):
            leaf = self.leaf(node)
            found = next((level for level in (leaf.past, leaf.level) if level is not None), BASE)
        elif isinstance(node, Negative):
            found = -self.number(node.argument)
        elif isinstance(node, Aggregate | Subquery):
            found = 1.0 if isinstance(node, Aggregate) and node.name == "count" else self.number(node.argument)
        elif isinstance(node, Binary):
            found = _computed(node.sign, self.number(node.left), self.number(node.right))
        elif isinstance(node, Call) and node.arguments:
            found = self._called(node)
        if not math.isfinite(found):
            raise Unclear("a side that is not computed here")
        return found

    def _called(self, node: Call) -> float:
        inner = next((one for one in node.arguments if isinstance(one, Selector | Subquery)), None)
        if node.name in ("increase", "delta") and inner is not None:
            return self.number(inner) * (inner.range or 0.0)
        if node.name in OVER_TIME | LINES | THROUGH | {"rate", "irate", "deriv", "vector"}:
            return self.number(inner if inner is not None else node.arguments[0])
        return math.nan

    def _is_fixed(self, node: Node) -> bool:
        if self._has_time(node):
            return False
        return all(leaf.level is not None for leaf in self._leaves_of(node))

    def _has_time(self, node: Node) -> bool:
        return any(isinstance(one, Call) and one.name == "time" for one in nodes(node))

    def _leaves_of(self, node: Node) -> list[Leaf]:
        return [self.leaf(one) for one in nodes(node) if isinstance(one, Selector)]

    def _ask(self, selector: Selector, mode: str, sign: str, bound: float, *, signed: bool = False) -> None:
        leaf = self.leaf(selector)
        if leaf.mode not in (GAUGE, mode):
            raise Unclear(f"{selector.name} is used as {leaf.mode} and as {mode}")
        leaf.mode = mode
        leaf.signed = leaf.signed or signed
        if not math.isfinite(bound):
            raise Unclear("a threshold that is no finite number")
        leaf.bounds.append((sign, bound))


def _holds(value: float, sign: str, bound: float) -> bool:
    held = {">": value > bound, ">=": value >= bound, "<": value < bound, "<=": value <= bound}
    return held.get(sign, (value == bound) is (sign == "=="))


def _shifts(selector: Selector) -> bool:
    return selector.offset != 0


def _computed(sign: str, left: float, right: float) -> float:
    try:
        if sign == "^":
            return float(left**right)
        return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else math.inf}[sign]
    except (KeyError, ArithmeticError, TypeError):
        raise Unclear(f"the operation {sign} between numbers") from None


def _undone(name: str, bound: float) -> float:
    try:
        if name == "sqrt":
            return max(bound, 0.0) ** 2
        if name == "exp":
            return math.log(bound)
        return float({"ln": math.e, "log2": 2.0, "log10": 10.0}[name] ** bound)
    except (ArithmeticError, ValueError):
        raise Unclear(f"{name}() at this threshold") from None
