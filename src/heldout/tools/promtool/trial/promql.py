"""Reads PromQL as far as series have to be made for it; promtool evaluates it. What is not understood is said."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

__all__ = [
    "COMPARISONS",
    "Aggregate",
    "Binary",
    "Call",
    "Negative",
    "Node",
    "Number",
    "Selector",
    "Subquery",
    "Text",
    "Unclear",
    "nodes",
    "parse",
    "rebuilt",
    "seconds_of",
]

COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
AGGREGATES = frozenset(
    {"sum", "avg", "min", "max", "count", "stddev", "stdvar", "group", "topk", "bottomk", "quantile", "count_values"}
)
LEVELS = (("or",), ("and", "unless"), COMPARISONS, ("+", "-"), ("*", "/", "%", "atan2"))
MOST_TOKENS = 1_000
MOST_DEPTH = 40
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0}
DURATION = re.compile(r"(\d{1,9})(ms|[smhdwy])")
TOKEN = re.compile(
    r"""(?P<blank>[\s]+|\#[^\n]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
    |(?P<duration>(?:\d{1,9}(?:ms|[smhdwy]))+(?![\w.]))
    |(?P<number>0[xX][0-9a-fA-F]{1,15}|(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?|(?i:inf|nan)\b)
    |(?P<name>[a-zA-Z_][\w:]*)
    |(?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){}\[\],:@=<>])""",
    re.VERBOSE | re.ASCII,
)


class Unclear(Exception):
    """An expression, or a part of one, for which no series can be made; the message says what."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token, with where it begins and ends in the expression."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its place in the expression."""

    value: float
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric with its matchers (label, operator, value); `range` in seconds of a range vector, else None."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    range: float | None = None
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregation over one vector; `labels` are those of its `by`."""

    name: str
    argument: "Node"
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation on two sides; `labels` are those of its `on`, `start` and `end` where its sign stands."""

    sign: str
    left: "Node"
    right: "Node"
    is_bool: bool = False
    labels: tuple[str, ...] = ()
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus before an expression."""

    argument: "Node"


@dataclass(frozen=True, slots=True)
class Subquery:
    """An expression over a range of `range` seconds."""

    argument: "Node"
    range: float
    offset: float = 0.0


Node = Number | Text | Selector | Call | Aggregate | Binary | Negative | Subquery


def parse(expression: str) -> Node:
    """Return the tree of an expression. Raises Unclear for what is no PromQL that is known here."""
    reader = _Reader(list(_tokens(expression)))
    try:
        found = reader.expression()
    except RecursionError:
        raise Unclear(f"the expression nests deeper than {MOST_DEPTH}") from None
    if reader.token is not None:
        raise Unclear(f"{reader.token.text[:20]!r} is not understood where it stands")
    return found


def nodes(node: Node) -> Iterator[Node]:
    """Yield a tree's nodes, the node itself first."""
    yield node
    children: tuple[Node, ...] = ()
    if isinstance(node, Call):
        children = node.arguments
    elif isinstance(node, Binary):
        children = (node.left, node.right)
    elif isinstance(node, Aggregate | Negative | Subquery):
        children = (node.argument,)
    for child in children:
        yield from nodes(child)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return a node with each of its children changed."""
    if isinstance(node, Call):
        return replace(node, arguments=tuple(map(change, node.arguments)))
    if isinstance(node, Binary):
        return replace(node, left=change(node.left), right=change(node.right))
    if isinstance(node, Aggregate | Negative | Subquery):
        return replace(node, argument=change(node.argument))
    return node


def seconds_of(duration: str) -> float:
    """Return a duration such as 1h30m in seconds. Raises Unclear for what is none."""
    if duration == "0":
        return 0.0
    if not re.fullmatch(r"(?:\d{1,9}(?:ms|[smhdwy]))+", duration, re.ASCII):
        raise Unclear(f"{duration[:20]!r} is no duration")
    return sum(int(count) * UNITS[unit] for count, unit in DURATION.findall(duration))


def _tokens(expression: str) -> Iterator[Token]:
    at = count = 0
    while at < len(expression):
        match = TOKEN.match(expression, at)
        if match is None or match.end() == at:
            raise Unclear(f"{expression[at : at + 10]!r} is not understood")
        kind = match.lastgroup or ""
        if kind != "blank":
            count += 1
            yield Token(kind, match[0], at, match.end())
        if count > MOST_TOKENS:
            raise Unclear(f"the expression has more than {MOST_TOKENS} parts")
        at = match.end()


@dataclass(slots=True)
class _Reader:
    tokens: list[Token]
    at: int = 0
    depth: int = field(default=0)

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *texts: str) -> Token | None:
        """Take the next token when it is one of these signs or names."""
        token = self.token
        if token is None or token.kind == "text" or token.text.lower() not in texts:
            return None
        self.at += 1
        return token

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            raise Unclear(f"{text!r} is missing")

    def next(self, kind: str) -> str:
        token = self.token
        if token is None or token.kind != kind:
            raise Unclear(f"a {kind} is missing")
        self.at += 1
        return token.text

    def expression(self, level: int = 0) -> Node:
        if level == len(LEVELS):
            return self.signed()
        self.depth += 1
        if self.depth > MOST_DEPTH * len(LEVELS):
            raise Unclear(f"the expression nests deeper than {MOST_DEPTH}")
        left = self.expression(level + 1)
        while sign := self.take(*LEVELS[level]):
            is_bool, labels = self.modifiers()
            right = self.expression(level + 1)
            left = Binary(sign.text.lower(), left, right, is_bool, labels, sign.start, sign.end)
        self.depth -= 1
        return left

    def modifiers(self) -> tuple[bool, tuple[str, ...]]:
        is_bool = self.take("bool") is not None
        labels: tuple[str, ...] = ()
        if keyword := self.take("on", "ignoring"):
            named = self.names()
            labels = named if keyword.text.lower() == "on" else ()
            if self.take("group_left", "group_right") and self.token and self.token.text == "(":
                self.names()
        return is_bool, labels

    def names(self) -> tuple[str, ...]:
        self.expect("(")
        found: list[str] = []
        while self.take(")") is None:
            found.append(self.next("name"))
            self.take(",")
        return tuple(found)

    def signed(self) -> Node:
        signs = 0
        while sign := self.take("+", "-"):
            signs += sign.text == "-"
        node = self.postfixed()
        if self.take("^"):
            node = Binary("^", node, self.signed())
        return Negative(node) if signs % 2 else node

    def postfixed(self) -> Node:
        node = self.single()
        while True:
            if self.take("["):
                node = self.ranged(node)
            elif self.take("offset"):
                negative = self.take("-") is not None
                seconds = seconds_of(self.next("duration"))
                node = _with_offset(node, -seconds if negative else seconds)
            elif self.token is not None and self.token.text == "@":
                raise Unclear("the @ modifier is not understood")
            else:
                return node

    def ranged(self, node: Node) -> Node:
        seconds = seconds_of(self.next("duration"))
        if self.take(":"):
            if self.token is not None and self.token.kind == "duration":
                self.at += 1
            self.expect("]")
            return Subquery(node, seconds)
        self.expect("]")
        if not isinstance(node, Selector):
            raise Unclear("a range stands after something that is no metric")
        return Selector(node.name, node.matchers, seconds, node.offset)

    def single(self) -> Node:
        token = self.token
        if token is None:
            raise Unclear("the expression ends too early")
        if self.take("("):
            node = self.expression()
            self.expect(")")
            return node
        if token.text == "{":
            return self.selector("")
        self.at += 1
        readers: dict[str, Callable[[Token], Node]] = {"number": _number, "text": _text, "name": self.named}
        if token.kind not in readers:
            raise Unclear(f"{token.text!r} is not understood where it stands")
        return readers[token.kind](token)

    def named(self, token: Token) -> Node:
        name = token.text
        if name.lower() in AGGREGATES and self.token is not None and self.token.text.lower() in ("(", "by", "without"):
            return self.aggregate(name.lower())
        if self.token is not None and self.token.text == "(":
            return Call(name.lower(), self.arguments())
        return self.selector(name)

    def aggregate(self, name: str) -> Node:
        labels = self.grouping()
        arguments = self.arguments()
        labels = labels or self.grouping()
        if not arguments:
            raise Unclear(f"{name} has no argument")
        return Aggregate(name, arguments[-1], labels)

    def grouping(self) -> tuple[str, ...]:
        keyword = self.take("by", "without")
        if keyword is None:
            return ()
        named = self.names()
        return named if keyword.text.lower() == "by" else ()

    def arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        found: list[Node] = []
        while self.take(")") is None:
            found.append(self.expression())
            if self.take(",") is None and (self.token is None or self.token.text != ")"):
                raise Unclear("a bracket is not closed")
        return tuple(found)

    def selector(self, name: str) -> Selector:
        matchers: list[tuple[str, str, str]] = []
        if self.take("{"):
            while self.take("}") is None:
                label = self.next("name")
                sign = self.take("=", "!=", "=~", "!~")
                if sign is None:
                    raise Unclear("a matcher of labels is not understood")
                matchers.append((label, sign.text, _unquoted(self.next("text"))))
                self.take(",")
        for label, sign_text, value in matchers:
            if label == "__name__" and sign_text == "=":
                name = value
        if not name:
            raise Unclear("a selector names no metric")
        return Selector(name, tuple(one for one in matchers if one[0] != "__name__"))


def _with_offset(node: Node, seconds: float) -> Node:
    if isinstance(node, Selector):
        return Selector(node.name, node.matchers, node.range, seconds)
    if isinstance(node, Subquery):
        return Subquery(node.argument, node.range, seconds)
    raise Unclear("an offset stands after something that is no metric")


def _number(token: Token) -> Number:
    text = token.text
    value = float(int(text, 16)) if text[:2].lower() == "0x" else float(text)
    return Number(value, token.start, token.end)


def _text(token: Token) -> Text:
    return Text(_unquoted(token.text))


def _unquoted(text: str) -> str:
    inside = text[1:-1]
    return inside if text[0] == "`" else re.sub(r"\\(.)", r"\1", inside)
