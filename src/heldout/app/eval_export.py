"""Writes what an independent auditor needs of an eval: decisions, bands, axes, lifts, levels, and no names."""

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from heldout.app.eval_compare import graded_records
from heldout.app.eval_decisions import DecidedWork, decisions_of
from heldout.app.eval_grade import card_of
from heldout.app.eval_talk import opened_workspace
from heldout.app.files import replace_texts
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.core.lift import Band
from heldout.core.selection import GroupRates
from heldout.core.whole_file import write_whole
from heldout.evals.brief import Brief, open_brief
from heldout.evals.group_file import read_group_file
from heldout.evals.record.workspace import Workspace
from heldout.evals.selection import group_rates
from heldout.report.export_text import COLUMNS, RATE_COLUMNS, dictionary_rows, rate_cells, readme
from heldout.report.reading import axes_shown, weighted_axes

__all__ = ["KEYS", "Exported", "export", "forget_in_keys", "keys_of"]

KEYS = "exports"
"""Below the eval's folder: which random name of an export is whose. It is the organiser's, and no part of an export."""

PASSING = (Band.PASS, Band.TARGET)
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for a formula at a text's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The files of an export, where its key lies, how many candidates it holds, and the rates by column."""

    files: tuple[Path, ...]
    key: Path
    candidates: int
    rates: tuple[GroupRates, ...]


def export(folder: Path, out: Path, *, groups: Path | None = None, selected: Sequence[str] = ()) -> Exported:
    """Write the export of all graded candidates of an eval to `out`, which does not hold one yet.

    Selected are the bands pass and target; or those that `selected` names, or the candidates that it names. Rates are
    written where a group file is given, which is read and not kept. Raises BadInput before anything is written.
    """
    workspace = opened_workspace(folder.resolve())
    brief = open_brief(workspace.folder).brief
    cards = {record.name: card_of(record) for record in graded_records(workspace)}
    decisions = decisions_of(workspace)
    bands = {name: _band(card, decisions.get(name)) for name, card in cards.items()}
    chosen, meaning = _selected(bands, selected, brief)
    rates: tuple[GroupRates, ...] = ()
    if groups is not None:
        _check_groups(groups, workspace)
        known = {record.name for record in workspace.candidates()}
        rates = group_rates(read_group_file(groups, asked=sorted(cards), known=known), chosen)
    _check_out(out, workspace)
    names = _pseudonyms(cards)
    rows = [
        _row(names[name], cards[name], bands[name], decisions.get(name), is_selected=name in chosen)
        for name in sorted(cards, key=names.__getitem__)
    ]
    undecided = sum(band is Band.UNDECIDED for band in bands.values())
    ungraded = len(workspace.candidates()) - len(cards)
    about = {
        "title": brief.eval.title,
        "brief": f"kind {brief.eval.kind}, level {brief.eval.level}, version {brief.eval.version}",
        "selected": meaning,
        "candidates": len(rows),
        "without a card": ungraded,
        "undecided": undecided,
        "committee": _committee(decisions),
    }
    texts = _texts(about, rows, rates, has_groups=groups is not None)
    key = folder / KEYS / f"{secrets.token_hex(8)}.json"
    _write_key(key, {names[name]: name for name in cards}, out)
    return Exported(files=replace_texts(out, texts), key=key, candidates=len(rows), rates=rates)


def keys_of(workspace: Workspace) -> dict[Path, dict[str, Any]]:
    """Return the keys of all exports by their file. Raises BadInput for one that is damaged."""
    return {path: _read_key(path) for path in sorted((workspace.folder / KEYS).glob("*.json"))}


def _read_key(path: Path) -> dict[str, Any]:
    try:
        plain = json.loads(path.read_bytes())
    except ValueError:
        plain = None
    names = plain.get("names") if isinstance(plain, dict) else None
    if not isinstance(names, dict) or not all(isinstance(whose, str) for whose in names.values()):
        raise BadInput(
            "this is not a key of an export: who it names cannot be read, nor taken out",
            where=str(path),
            expected='JSON with "names", from the random names of the export to the candidates',
            mend="put back what `heldout eval export` wrote, or delete it: then nobody can tell who is who there",
        )
    return dict(plain)


def forget_in_keys(workspace: Workspace, name: str) -> int:
    """Take a candidate out of the keys of all exports, and return of how many. Raises BadInput as `keys_of` does."""
    count = 0
    for path, plain in keys_of(workspace).items():
        left = {random: whose for random, whose in plain["names"].items() if whose != name}
        if len(left) < len(plain["names"]):
            write_whole(path, json.dumps({**plain, "names": left}, indent=1).encode())
            count += 1
    return count


def _band(card: Card, decided: DecidedWork | None) -> Band:
    return card.decision.band if decided is None or decided.band is None else decided.band


def _selected(bands: Mapping[str, Band], named: Sequence[str], brief: Brief) -> tuple[set[str], str]:
    values = {band.value for band in Band}
    if not named or all(one in values for one in named):
        passing = [Band(one) for one in named] or [band for band in brief.bands.order if band in PASSING]
        said = " or ".join(band.value for band in passing)
        return {name for name, band in bands.items() if band in passing}, f"whose band is {said}"
    unknown = [one for one in named if one not in bands]
    if unknown:
        raise BadInput(
            f"{unknown[0]} is neither a band nor a candidate with a card",
            where="--selected",
            expected=f"{', '.join(Band)}; or names of candidates",
        )
    return set(named), "whom the organiser named"


def _check_groups(path: Path, workspace: Workspace) -> None:
    if path.resolve().is_relative_to(workspace.folder.resolve()):
        raise BadInput(
            "the group file lies in the eval's folder",
            where="--groups",
            expected="a file that is held apart, by somebody who decides nothing here",
            mend="move it out",
        )


def _committee(decisions: Mapping[str, DecidedWork]) -> str:
    if not decisions:
        return "no committee decided"
    return "levels are by people; the brief's rule makes the band, unless band_is_by_people says that a person did"


def _check_out(out: Path, workspace: Workspace) -> None:
    if out.resolve().is_relative_to(workspace.folder.resolve()):
        raise BadInput(
            "an export lies outside of the eval",
            where="--out",
            expected="another folder",
            mend="what lies in the eval's folder is the organiser's alone",
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(f"{out} is not empty", where="--out", expected="a new folder: each export has names of its own")


def _pseudonyms(cards: Mapping[str, Card]) -> dict[str, str]:
    """Return a random name for each candidate, which tells nothing, not even the order."""
    drawn: set[str] = set()
    while len(drawn) < len(cards):
        drawn.add(f"c{secrets.token_hex(4)}")
    shuffled = list(drawn)
    secrets.SystemRandom().shuffle(shuffled)
    return dict(zip(cards, shuffled, strict=True))


def _row(name: str, card: Card, band: Band, decided: DecidedWork | None, *, is_selected: bool) -> dict[str, Any]:
    lift = None if card.lift is None else card.lift.estimate
    weighted = weighted_axes(card)
    endings = [finding.ending for finding in card.findings]
    row: dict[str, Any] = {
        "candidate": name,
        "selected": is_selected,
        "band": band.value,
        "band_of_the_rule": card.decision.band.value,
        "band_is_by_people": decided is not None and decided.band is not None,
        "confidence_at_minimum": card.decision.at_minimum,
        "metric": card.metric,
        "lift_scale": card.target.scale.value,
        "lift": None if lift is None else lift.value,
        "lift_low": None if lift is None else lift.low,
        "lift_high": None if lift is None else lift.high,
        "lift_level": None if lift is None else lift.level,
        "lift_rows": None if lift is None else lift.n,
        "lift_clusters": None if card.lift is None else card.lift.clusters,
        "lift_undefined_because": "no run gave predictions to score" if lift is None else lift.undefined_because or "",
        "class": card.reproducibility,
        "axes_weighted": weighted.value,
    }
    for axis in axes_shown(card):
        row |= {
            f"{axis.name}_weight": axis.weight,
            f"{axis.name}_score": axis.score.value,
            f"{axis.name}_n": axis.score.n,
        }
    row |= {f"{name}_level": level for name, level in sorted((decided.levels if decided else {}).items())}
    row |= {f"findings_{ending.value}": endings.count(ending) for ending in Ending}
    return row | {"lines_corrected": sum(one.accepted and one.holds for one in card.corrections)}


def _texts(
    about: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], rates: Sequence[GroupRates], *, has_groups: bool
) -> dict[str, str]:
    columns = [name for name in COLUMNS if any(name in row for row in rows)]
    columns += [name for row in rows for name in row if name not in COLUMNS]
    columns = list(dict.fromkeys(columns))
    dictionary = dictionary_rows(columns, has_groups=has_groups)
    plain = {
        "schema": "heldout.export.v1",
        **about,
        "rows": [{name: row.get(name) for name in columns} for row in rows],
        "rates": [asdict(one) for one in rates],
        "dictionary": {name: says for name, _, says in dictionary},
    }
    texts = {
        "README.md": readme(about, rates, has_groups=has_groups),
        "candidates.csv": _csv(columns, [[row.get(name) for name in columns] for row in rows]),
        "dictionary.csv": _csv(("column", "file", "meaning"), dictionary),
        "export.json": json.dumps(plain, indent=1, allow_nan=False) + "\n",
    }
    if has_groups:
        texts["rates.csv"] = _csv(
            RATE_COLUMNS, [rate_cells(one.column, group) for one in rates for group in one.groups]
        )
    return texts


def _csv(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """Return a cell: nothing for what is undefined, and no text that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(GUARDED) else value


def _write_key(path: Path, names: Mapping[str, str], out: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    write_whole(path, json.dumps({"export": str(out.resolve()), "names": names}, indent=1).encode())
