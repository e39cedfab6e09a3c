"""The commands that a document shows in its blocks of code."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from heldout.core.entry_points import module_files, words_of
from heldout.core.makefile import find_makefile, has_more_targets, recipes
from heldout.core.repository import Repository

__all__ = ["Command", "named_files", "shown_commands"]

MOST_LINES = 20_000
FENCE = re.compile(r"\s*(?:```|~~~)\s*([\w-]*)")
SHELLS = frozenset({"", "bash", "console", "sh", "shell", "shell-session", "text", "txt", "zsh"})
INLINE = re.compile(r"`((?:python3?|make|sh|bash|pip|promtool|\./)[^`]{1,300})`")
PROMPT = re.compile(r"^(?:\(\S{1,40}\) )?[$%>] ")
WRAPPERS = frozenset({"uv", "poetry", "pdm", "hatch", "pipenv", "conda", "time", "sudo", "nice", "env"})

Places = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its line in the document (first is 1), and its words from the program on."""

    line: int
    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """The program without its folder and version: "python" for `.venv/bin/python3.12`."""
        return re.sub(r"(?<=[a-z])[\d.]+$", "", self.words[0].rpartition("/")[2])


def shown_commands(text: str) -> Iterator[Command]:
    """Yield the commands of fenced blocks (of shell, or of no language), of indented ones and of code in a line.

    A line that ends in a backslash goes on; `&&`, `;` and `|` part commands. Programs that start others (`uv run`,
    `time`) and variables before them are left out. Output that is shown among commands is not told from them.
    """
    waiting, start = "", 0
    for number, line in _code(text):
        start = start if waiting else number
        waiting += PROMPT.sub("", line.strip()).removesuffix("\\") + " "
        if line.rstrip().endswith("\\"):
            continue
        for part in re.split(r"&&|\|\|?|;", waiting[:2_000]):
            if words := _own(words_of(part)):
                yield Command(line=start, words=tuple(words))
        waiting = ""


def _code(text: str) -> Iterator[tuple[int, str]]:
    language: str | None = None
    before = ""
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        fence = FENCE.match(line)
        if fence:
            language = fence[1].lower() if language is None else None
        elif language in SHELLS or (
            language is None and line.startswith(("    ", "\t")) and (not before.strip() or before[:1] in " \t")
        ):
            yield number, line
        elif language is None and "`" in line:
            yield from ((number, code) for code in INLINE.findall(line[:2_000]))
        before = line


def _own(words: list[str]) -> list[str]:
    """Return the words from the program on, without what only starts it."""
    while words:
        if re.match(r"\w+=", words[0]) or words[0] in WRAPPERS - {"uv", "poetry", "pdm", "hatch", "pipenv", "conda"}:
            words = words[1:]
        elif words[0] in WRAPPERS and words[1:2] == ["run"]:
            words = words[2:]
        else:
            return words
    return words


def named_files(repository: Repository, command: Command) -> list[Places]:
    """Return, for each file, module or target that a command names, the paths where it may be; one of them suffices.

    Of a target it is the Makefile that has it, else the words "make TARGET". Commands that are not known name nothing.
    """
    if command.program in NAMED:
        return NAMED[command.program](repository, command)
    return [command.words[:1]] if command.words[0].startswith("./") else []


def _python(repository: Repository, command: Command) -> list[Places]:
    words = command.words[1:]
    if words[:1] == ("-m",) and len(words) > 1:
        module = words[1].partition(".")[0]
        starts = (f"{module}/", f"src/{module}/", f"{module}.py")
        return [module_files(words[1])] if any(path.startswith(starts) for path in repository.files) else []
    return [words[:1]] if words[:1] and words[0].endswith(".py") else []


def _make(repository: Repository, command: Command) -> list[Places]:
    makefile = find_makefile(repository)
    text = (repository.text(makefile) or "") if makefile else ""
    targets = [word for word in command.words[1:] if re.fullmatch(r"[a-z][\w.-]*", word)]
    if "-C" in command.words or "-f" in command.words or has_more_targets(text):
        return []
    there = recipes(text)
    return [((makefile or "Makefile") if target in there else f"make {target}",) for target in targets]


def _after(*options: str) -> Callable[[Repository, Command], list[Places]]:
    def named(_: Repository, command: Command) -> list[Places]:
        pairs = zip(command.words, command.words[1:], strict=False)
        return [(word,) for option, word in pairs if option in options]

    return named


def _files(_: Repository, command: Command) -> list[Places]:
    return [(word,) for word in command.words[1:] if re.search(r"\.(?:sh|bash|ya?ml|rules)$", word)]


NAMED: Mapping[str, Callable[[Repository, Command], list[Places]]] = {
    "python": _python,
    "make": _make,
    "pip": _after("-r", "--requirement"),
    "sh": _files,
    "bash": _files,
    "promtool": _files,
}
