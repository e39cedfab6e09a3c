"""Finds keys of entities that were not declared and that train and test share."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import LabelKind
from heldout.core.split_evidence import HiddenKey, HiddenKeys
from heldout.stats.within_groups import group_agreement

GATE = 0.1  # agreement of labels within the groups, beyond chance
SHARED_GATE = 0.005  # share of the test rows up to which shared keys cannot move a score
FEWEST_GROUPS = 20  # groups below which nothing is strong
MINIMUM_EFFECT = 0.02
"""Share of the test rows that belong to a subject of train, where labels go by subject."""


@check("SPL005")
def hidden_entity_straddles_split(hidden_keys: HiddenKeys) -> Answer | tuple[Answer, ...]:
    """Find keys of entities that nobody declared, and that test shares with train.

    ## Why it matters
    Rows of one person or machine resemble each other, and share their label. A model that has met them recognises
    them, and is credited with knowing the next ones. The key often hides in the name of a recording or file.

    ## Example
    `phon_R01_S01_1`, `phon_R01_S01_2`: two recordings of subject S01, of 195 of 32 people, and nobody changes from
    ill to well. A random split puts every subject on both sides.

    ## What to do
    Declare the entity (`--entity`), and give each to one side. If new rows of the same entities are what the model
    will meet, split by time and accept this finding.

    ## Limits
    Keys are columns named so and the beginnings of unique texts, found on a sample; shared keys are counted on all
    rows. It is `strong` when the labels of a group agree beyond chance by more than {GATE} (a bound over groups,
    {FEWEST_GROUPS} at least, Bonferroni over keys), more than {SHARED_GATE} of the test rows share a key, and the
    key is the beginning of a numbered text or named after somebody. Other names of keys are `suspect` at most, other
    columns a caution: many categories predict a label, and their new rows are of the same categories. Without a test
    table it cautions, and what would be strong there is priced. It is clear where the labels of a group agree by less,
    or perhaps by chance (.95). It promises to find a share of {MINIMUM_EFFECT} among 2,000 test rows.
    """
    if hidden_keys.declared:
        return not_applicable(f"The entity is declared ({hidden_keys.declared}): SPL002 answers.")
    if not hidden_keys.keys:
        return clear("No column looks like the key of an undeclared entity.")
    alpha = alpha_of("split") / len(hidden_keys.keys)
    answers = [_answer(key, hidden_keys, alpha) for key in hidden_keys.keys]
    return tuple(sorted(answers, key=lambda a: -a.certainty.rank if a.certainty else 0))


def _answer(key: HiddenKey, found: HiddenKeys, alpha: float) -> Answer:
    is_classes = found.kind is not LabelKind.REGRESSION
    bounds = group_agreement(key.label, key.codes, is_classes=is_classes, level=1 - 2 * alpha)
    shown = group_agreement(key.label, key.codes, is_classes=is_classes)
    name = f"{key.column} without its last part" if key.is_beginning else key.column
    share = key.shared_rows / key.test_rows if key.test_rows else 0.0
    measures = [Measure(name=f"agreement of labels within {name}", estimate=shown, unit="beyond chance")]
    if found.has_test:
        counts = counted(share, n=key.test_rows)
        measures.append(Measure(name=f"test rows whose {name} is in train", estimate=counts, unit="share"))
    which = "shared" if found.has_test else "for instance"
    note = f"{key.groups:,} groups" + (f"; {which}: {', '.join(key.examples)}" if key.examples else "")
    witnesses = (Witness(kind="column", where=key.column, note=note),)
    agrees = bounds.low is not None and bounds.low > GATE
    alike = f"the labels of a group agree by {shown.value:.2f} beyond chance" if shown.value is not None else ""
    if found.has_test and not key.shared_rows:
        return clear(f"No test row has a {name} that train has.", measures=measures, witnesses=witnesses)
    if not agrees and shown.value is not None and (shown.value <= GATE or (shown.low or 0.0) <= 0):
        claim = f"{name} looks like a key, and its groups say little of the label: {alike}."
        return clear(claim, measures=measures, witnesses=witnesses)
    to_do = f"If {name} is an entity, declare it (--entity) and give each to one side."
    such_as = f" (such as {key.examples[0]})" if key.is_beginning and key.examples else ""
    told = f"{name}{such_as} looks like the key of {key.groups:,} groups of rows"
    told += f"; {alike}" if alike else "; how far the labels of a group agree is not known"
    is_sure = (key.is_beginning or key.names_a_person) and key.groups >= FEWEST_GROUPS
    mend = Mend(kind=MendKind.SPLIT_BY_GROUP, columns=(key.column,), is_beginning=key.is_beginning)
    if not found.has_test:
        told += ". A random split puts rows of one group on both sides."
        priced = mend if agrees and is_sure else None
        return caution(told, to_do=to_do, measures=measures, witnesses=witnesses, mend=priced)
    told += f". {key.shared_rows:,} of {key.test_rows:,} test rows have one that train has too"
    if not (agrees and share > SHARED_GATE and (key.is_beginning or key.is_named)):
        return caution(f"{told}.", to_do=to_do, measures=measures, witnesses=witnesses)
    certainty = Certainty.STRONG if is_sure else Certainty.SUSPECT
    return problem(f"{told}.", certainty, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
