"""The price of what an audit found: its mends as arrays, a model fitted again, the prices in words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from heldout.app.asked import Asked
from heldout.app.audit_mends import Wanted, declared_mend, found_of, mends_of, unmendable
from heldout.app.audit_rows import Codes, PricedRows, alone
from heldout.app.audited import Audited, Progress
from heldout.app.estimator_frame import features_for
from heldout.core.errors import BadInput
from heldout.core.finding import Finding
from heldout.core.mend import MendKind
from heldout.core.price import FoundPrice, Priced, Refit
from heldout.core.profile import LabelKind
from heldout.engine.pricing import Evaluation, Found, Repair, Repriced, price
from heldout.engine.refit import FEW_ROWS, Fitter, Task, proxy_name
from heldout.engine.splits import FOLDS, LATE, Given
from heldout.stats.metrics.named import known_metric, metric_named
from heldout.tables import row_ids
from heldout.tables.durations import parse_duration
from heldout.tables.matrix import matrix_of

__all__ = ["price_of"]

MOST_ROWS, MOST_CELLS = 30_000, 1_000_000
"""The sample that is fitted: few enough rows that a dozen evaluations of five folds take under a minute."""
FEWEST_SAMPLED = 1_000
FEWEST_ROWS = 50
MOST_FOLDS = 20
DEFAULTS = {
    LabelKind.BINARY: "roc_auc",
    LabelKind.MULTICLASS: "accuracy",
    LabelKind.REGRESSION: "root_mean_squared_error",
}
TASKS: dict[LabelKind, Task] = {
    LabelKind.BINARY: "binary",
    LabelKind.MULTICLASS: "multiclass",
    LabelKind.REGRESSION: "regression",
}


def price_of(
    audited: Audited, asked: Asked, findings: Sequence[Finding], metric: str, say: Progress, *, as_is: bool
) -> Refit | str | None:
    """Fit again with what was found mended, and return scores and prices; or why there are none.

    None where there is nothing to mend and no structure found, unless `as_is` asks for the score as given.
    """
    if not (mends_of(findings) or found_of(findings) or as_is):
        return None
    declared = None
    if audited.test is None:
        declared = declared_mend(asked.time, asked.entity, " + ".join(filter(None, (asked.horizon, asked.embargo))))
    wanted = mends_of(findings, declared)
    wanted = (*wanted, *found_of(findings, wanted))
    rows = PricedRows.of(audited)
    if int(rows.known.sum()) < FEWEST_ROWS:
        return f"{int(rows.known.sum())} rows have a target, and a refit takes {FEWEST_ROWS}."
    say("numbering the rows that are fitted again")
    return _Pricing(audited, asked, rows, wanted, unmendable(findings)).run(metric, say)


class _Pricing:
    """One pricing: repairs over all rows, then a sample of these, then the refits."""

    def __init__(
        self, audited: Audited, asked: Asked, rows: PricedRows, wanted: Sequence[Wanted], left: Sequence[str]
    ) -> None:
        self._asked, self._rows, self._kind = asked, rows, audited.label.kind
        self._columns = _columns(audited, asked, wanted)
        self._not_priced = [f"{code}: no refit takes it out" for code in left]
        self._moment: NDArray[np.float64] | None = None
        self._by_time: str | None = None
        self._groups: Codes | None = None
        self._copies: Codes | None = None
        self._notes: list[str] = []
        made = [(one, self._repair(one)) for one in wanted]
        self._repairs = [(one, repair) for one, repair in made if repair is not None and not one.is_found]
        self._found = [(one, repair) for one, repair in made if repair is not None and one.is_found]

    def run(self, metric: str, say: Progress) -> Refit | str:
        name = self._metric(metric)
        if not self._columns:
            return "No column is left that a model could be fitted on."
        entity = None if self._asked.entity is None else self._rows.key(self._asked.entity)
        cluster, clusters = self._cluster(entity)
        keys = (self._groups, entity, *(repair.groups for _, repair in self._found), self._copies)
        key = next((key for key in keys if key is not None), None)
        most = min(MOST_ROWS, max(MOST_CELLS // len(self._columns), FEWEST_SAMPLED))
        drawn = self._rows.drawn(most, key, self._asked.seed)
        evaluation = self._evaluation(name, drawn, cluster)
        sure = [(one, _drawn(repair, drawn)) for one, repair in self._repairs if one.is_sure]
        suspects = [(one, _drawn(repair, drawn)) for one, repair in self._repairs if not one.is_sure]
        try:
            repriced = price(
                evaluation,
                [repair for _, repair in sure],
                [repair for _, repair in suspects],
                [self._structure(one, repair, drawn) for one, repair in self._found],
                say=say,
            )
        except (Exception, SystemExit) as error:  # whatever an estimator raises is said, and stops no audit
            whose = "The stand-in for your model" if self._asked.estimator is None else "Your estimator"
            return f"{whose} could not be fitted again: {type(error).__name__}: {error}"
        return self._refit(evaluation, repriced, [one for one, _ in sure], [one for one, _ in suspects], clusters)

    def _refit(
        self,
        evaluation: Evaluation,
        repriced: Repriced,
        sure: Sequence[Wanted],
        suspects: Sequence[Wanted],
        clusters: str,
    ) -> Refit:
        estimator, metric, n = self._asked.estimator, evaluation.metric, len(evaluation.fitter.label)
        found = self._found_prices(repriced)
        if not repriced.scored.all() and any(one.mend.kind is MendKind.SPLIT_FORWARD for one in sure):
            everywhere = repriced.as_given_everywhere.value
            told = "" if everywhere is None else f"; as given, all rows score {everywhere:.3g}"
            self._notes.append(f"All scores are of the last {LATE:.0%} of the rows in time{told}.")
        return Refit(
            model=proxy_name(n) if estimator is None else f"your {type(estimator).__name__}",
            is_proxy=estimator is None,
            metric=metric,
            higher_is_better=metric_named(metric).higher_is_better,
            given_split=self._given_split(n),
            valid_split=self._valid_split(sure),
            as_given=repriced.as_given,
            supported=repriced.supported,
            price=repriced.price,
            if_suspects_too=repriced.if_suspects_too,
            prices=_priced(sure, repriced),
            suspects=tuple(one.what for one in suspects),
            not_priced=tuple(self._not_priced),
            rows=int(self._rows.known.sum()),
            fitted_rows=n,
            clusters=clusters,
            refits=repriced.refits,
            seed=self._asked.seed,
            notes=tuple(self._notes),
            found=found,
        )

    def _found_prices(self, repriced: Repriced) -> tuple[FoundPrice, ...]:
        """Return what the structures found are worth; one whose prices have no interval is told in a note alone."""
        made = []
        for (one, repair), drops in zip(self._found, repriced.found, strict=True):
            last = drops.alone if drops.after_all is None else drops.after_all
            if not (drops.alone.is_defined or last.is_defined):
                codes = ", ".join(one.codes)
                self._notes.append(f"Found and not priced: {one.what} ({codes}), as {last.undefined_because}.")
                continue
            made.append(
                FoundPrice(
                    what=one.what,
                    codes=one.codes,
                    as_given=drops.as_given,
                    mended=drops.mended,
                    price=drops.alone,
                    after_all=drops.after_all,
                    clusters=self._around(one, repair)[1],
                )
            )
        return tuple(made)

    def _evaluation(self, metric: str, drawn: Codes, cluster: Codes | None) -> Evaluation:
        asked, is_test = self._asked, self._rows.is_test
        target = self._rows.target()[drawn]
        table = self._rows.features(drawn, self._columns)
        matrix = None if asked.estimator is not None else matrix_of(table, self._columns)
        fold = self._declared_fold()
        return Evaluation(
            fitter=Fitter(
                features=features_for(table) if matrix is None else matrix,
                label=target,
                task=TASKS[self._kind],
                estimator=asked.estimator,
                categorical=None if matrix is None else matrix.categorical,
                needs_probability=metric_named(metric).needs_probability,
            ),
            given=Given(
                stratum=np.zeros(len(target), np.int64)
                if self._kind is LabelKind.REGRESSION
                else target.astype(np.int64),
                is_test=None if is_test is None else is_test[drawn],
                fold=None if fold is None else fold[drawn],
            ),
            metric=metric,
            cluster=None if cluster is None else cluster[drawn],
            seed=asked.seed,
        )

    def _metric(self, asked: str) -> str:
        """Return the metric to price in, which is the default where the one asked is not computed for such labels."""
        known = known_metric(asked)
        is_regression = self._kind is LabelKind.REGRESSION
        fits = known is not None and (known.task == "regression") == is_regression
        if self._kind is LabelKind.MULTICLASS:
            fits = asked in ("accuracy", "log_loss")
        if fits:
            return asked
        default = DEFAULTS[self._kind]
        self._notes.append(f"{asked} is not computed here, so prices are in {default}.")
        return default

    def _declared_fold(self) -> Codes | None:
        if self._asked.fold is None or self._rows.is_test is not None:
            return None
        fold = self._rows.key(self._asked.fold)
        return fold if 2 <= len(np.unique(fold)) <= MOST_FOLDS else None

    def _repair(self, one: Wanted) -> Repair | None:
        """Return the mend as arrays over all rows, or say why it is not priced."""
        make = {
            MendKind.DROP_COLUMNS: self._drop,
            MendKind.DROP_COPIES: self._drop_copies,
            MendKind.SPLIT_BY_GROUP: self._by_group,
            MendKind.SPLIT_FORWARD: self._forward,
        }[one.mend.kind]
        made = make(one)
        if isinstance(made, Repair):
            return made
        if one.is_found:
            return None
        self._not_priced.append(f"{one.what} ({', '.join(one.codes) or 'declared'}): {made}")
        return None

    def _drop(self, one: Wanted) -> Repair | str:
        columns = frozenset(one.mend.columns) & frozenset(self._columns)
        return Repair(name=one.what, columns=columns) if columns else "the refitted model does not use it anyway"

    def _drop_copies(self, one: Wanted) -> Repair | str:
        self._copies = self._rows.copies()
        if (self._copies < 0).all():
            return "no row equals another one exactly"
        return Repair(name=one.what, copies=self._copies)

    def _by_group(self, one: Wanted) -> Repair | str:
        columns = [name for name in one.mend.columns if name in self._rows.tables[0].columns]
        if not columns:
            return "there is no such column"
        keys = [self._rows.key(name, is_beginning=one.mend.is_beginning) for name in columns]
        group = keys[0]
        for key in keys[1:]:  # a key of several columns is their combination
            _, group = np.unique(np.column_stack([group, key]), axis=0, return_inverse=True)
            group = group.reshape(-1)
        if len(np.unique(group[group >= 0])) < 2:
            return "there are fewer than two groups"
        if one.is_sure and self._groups is None:
            self._groups = alone(group)
        return Repair(name=one.what, groups=alone(group))

    def _forward(self, one: Wanted) -> Repair | str:
        if self._moment is not None:
            return "the rows are split in time already"
        column = one.mend.columns[0] if one.mend.columns else None
        if column is None and self._rows.is_test is not None:
            return "two tables have no order of rows in common"
        try:
            moment, is_time = self._rows.moments(column)
        except BadInput as error:
            return str(error.what)
        gap = _gap(one.mend.gap, is_time=is_time)
        if one.is_sure:
            self._moment, self._by_time = moment, column
        return Repair(name=one.what, moment=moment, gap=gap)

    def _cluster(self, entity: Codes | None) -> tuple[Codes | None, str]:
        """Number what moves together, as the rescored predictions do: entity, else group, else day, else copies."""
        asked = self._asked
        if asked.entity is not None and entity is not None:
            return alone(entity), f"clustered by {asked.entity}"
        if self._groups is not None:
            return self._groups, "clustered by the group that the split keeps together"
        if asked.time is not None:
            return alone(self._rows.blocks(asked.time)), f"clustered by day of {asked.time}"
        if self._moment is not None:
            return alone(self._rows.blocks(self._by_time)), f"clustered by {_blocks_of(self._by_time)}"
        if self._copies is not None:
            return alone(self._copies), "clustered by equal rows"
        return None, "rows taken as independent"

    def _structure(self, one: Wanted, repair: Repair, drawn: Codes) -> Found:
        """Return a found structure on the drawn rows, with the clusters that it makes itself."""
        cluster, _ = self._around(one, repair)
        return Found(repair=_drawn(repair, drawn), cluster=cluster[drawn])

    def _around(self, one: Wanted, repair: Repair) -> tuple[Codes, str]:
        """Number what a found structure ties together, and say so."""
        if repair.groups is not None:
            return repair.groups, "clustered by the group that is kept together"
        if repair.copies is not None:
            return alone(repair.copies), "clustered by equal rows"
        column = one.mend.columns[0] if one.mend.columns else None
        return alone(self._rows.blocks(column)), f"clustered by {_blocks_of(column)}"

    def _given_split(self, n: int) -> str:
        if self._rows.is_test is not None:
            return "train and test as given"
        if self._declared_fold() is not None:
            return f"the folds of {self._asked.fold}"
        often = ", dealt three times" if n < FEW_ROWS else ""
        return f"{FOLDS} random folds{often}, as no split was given"

    def _valid_split(self, sure: Sequence[Wanted]) -> str:
        rules = [one.what for one in sure if one.mend.kind is not MendKind.DROP_COLUMNS]
        return ", ".join(rules) if rules else "the same"


def _priced(sure: Sequence[Wanted], repriced: Repriced) -> tuple[Priced, ...]:
    """Return the prices, the largest first."""
    made = [
        Priced(
            what=one.what,
            codes=one.codes,
            certainty=one.certainty,
            first_in=priced.first_in,
            last_in=priced.last_in,
            shapley=priced.shapley,
            is_exact=priced.is_exact,
        )
        for one, priced in zip(sure, repriced.prices, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: -(one.shapley or 0.0)))


def _blocks_of(column: str | None) -> str:
    return "blocks of neighbouring rows" if column is None else f"day of {column}"


def _columns(audited: Audited, asked: Asked, wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """Return the columns to fit on: all but the target's, keys, times, row numbers and what splits are made by.

    The user's own estimator gets every column, as it chooses by itself.
    """
    if asked.estimator is not None:
        return audited.features
    splits = (MendKind.SPLIT_BY_GROUP, MendKind.SPLIT_FORWARD)
    keys = {name for one in wanted if one.mend.kind in splits for name in one.mend.columns}
    declared = {asked.time, asked.entity, asked.row_id, asked.fold}
    tables = [audited.train] if audited.test is None else [audited.train, audited.test]
    ids = set(row_ids(*tables))
    return tuple(
        name
        for name in audited.features
        if name not in keys | declared | ids and (audited.test is None or name in audited.test.columns)
    )


def _drawn(repair: Repair, rows: Codes) -> Repair:
    """Return the repair of these rows alone."""
    return Repair(
        name=repair.name,
        columns=repair.columns,
        copies=None if repair.copies is None else repair.copies[rows],
        groups=None if repair.groups is None else repair.groups[rows],
        moment=None if repair.moment is None else repair.moment[rows],
        gap=repair.gap,
    )


def _gap(text: str, *, is_time: bool) -> float:
    """Return a gap such as "7d" or "7d + 1d" in microseconds, or as it is where time is a number; 0 for none.

    >>> _gap("2h", is_time=True), _gap("3 + 1", is_time=False), _gap("", is_time=True)
    (7200000000.0, 4.0, 0.0)
    """
    return sum(parse_duration(part, is_time=is_time, called="gap") for part in text.split(" + ") if part)
