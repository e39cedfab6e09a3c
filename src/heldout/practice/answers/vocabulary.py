"""The words that carry polarity and structure in English. Plain sets; apostrophes are gone ("is n't")."""

__all__ = [
    "AUXILIARIES",
    "BOUNDARIES",
    "COMPARATIVES",
    "COMPARISONS",
    "DENIED_AFTER",
    "DETERMINERS",
    "DOUBTS",
    "FUNCTION_WORDS",
    "HEDGES",
    "HYPOTHESES",
    "IDLE_NEGATIONS",
    "LIMITS",
    "NEGATORS",
    "NEUTRAL",
    "NOUN_NEGATORS",
    "PEOPLE",
    "PHRASAL_NEGATORS",
    "REPORTING",
    "RETRACTIONS",
    "STRONG_DOUBTS",
    "TURNS",
    "VERBS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.strip().splitlines())


NEGATORS = _words(
    "not n't never no none nobody nothing nowhere neither nor hardly barely scarcely rarely seldom without few little"
)
"""One of them turns what follows it in its clause; "without" turns a few words only."""

PHRASAL_NEGATORS = _phrases(
    """
    fail to
    fails to
    failed to
    failing to
    unable to
    far from
    free of
    free from
    absence of
    lack of
    lacks
    lacking
    forgot to
    forgets to
    refuses to
    anything but
    wrong to
    false to
    false that
    wrong that
    untrue that
    incorrect that
    incorrect to
    mistake to
    myth that
    """
)

LIMITS = _words("but though although however yet except only unless instead just whereas while otherwise until")
"""Small words that may take back, or narrow, what is affirmed before them."""

NEUTRAL = _words(
    "model data row table file number figure value score metric result accuracy test train training set sample split "
    "column feature field line user customer answer case item prediction evaluation percent point share rate part"
    " way "
    "clearly really simply actually already about roughly nearly approximately almost exactly far quite rather "
    "certainly "
    "obviously indeed therefore say think know see means mean show shows leak leaks leakage think one two three four "
    "five six ten seven eight nine eleven twelve twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "thousand "
    "third quarter pp pct cent day week month time get got sit watch reach "
    "give gave come came go goes make made right correct"
)
"""Words that may stand in a claim without turning it."""

NOUN_NEGATORS = _phrases(
    """
    without
    rather than
    instead of
    as opposed to
    with no
    of no
    """
)
"""They turn the few words that follow, not the claim."""

IDLE_NEGATIONS = _phrases(
    """
    a few
    a little
    the few
    the little
    not only
    not just
    not merely
    not simply
    n't only
    n't just
    no doubt
    no question
    no wonder
    no matter
    no longer ago
    not to mention
    nothing but
    whether or not
    why not
    no sooner
    without doubt
    without question
    without a doubt
    not least
    not surprisingly
    """
)
"""They hold a negator and deny nothing."""

BOUNDARIES = _words(
    "but because although though while whereas however yet therefore hence thus which who whom whose when where if "
    "unless nor since otherwise"
)
"""A clause ends before them."""

DETERMINERS = _words(
    "the a an this that these those it its he she they we i you there his her their our my your one each every no some"
)
AUXILIARIES = _words(
    "is are was were am be been has have had do does did can could will would shall should may might must 's 're "
    "'ve 'm "
    "'ll 'd ca wo sha ai"
)
TURNS = _words("but however yet although though whereas while actually")

FUNCTION_WORDS = (
    DETERMINERS
    | AUXILIARIES
    | NEGATORS
    | BOUNDARIES
    | _words(
        "and or so as than then of in on at by for from to into with over under about after before between "
        "through during across within against among behind until per via towards up "
        "down out off only just also too very much many more most less any all both such same here now still even"
        " ever "
        "not what how why anywhere everything anything something someone anybody everybody whatever whichever "
        "whoever "
        "whenever them us me him"
    )
)

VERBS = _words(
    "agree differ disagree exist "
    "adds appear appears appeared beat beats becomes became belong belongs came carries carried chose comes "
    "contain contains "
    "costs crept decides depends differs draws encoded explains fails failed falls fell forgets forgot gets gave "
    "gives "
    "goes got grew grows happens helps holds includes inflates keeps kept knows knew lets lies looks loses lost "
    "makes "
    "made means moved pays peeked prefers puts raises reaches says seems shows shrinks shrank spoils stands stays "
    "stops takes tells tends thinks took trains tried turns understates uses varies waits wants went wins won works "
    "wrote compares covers add sees saw finds found prefer predicts "
    "exceeds excludes selects drew lands picks lets leaves leaks adds cannot"
)
"""Finite forms that are hardly ever nouns and that are common in answers about evaluation."""

PEOPLE = _words(
    "team teams they he she author authors vendor manager colleague colleagues people someone somebody everyone "
    "paper "
    "slide slides deck report memo engineer engineers owner boss lead claim"
)
REPORTING = _words(
    "say says said claim claims claimed believe believes believed think thinks thought argue argues argued state "
    "states "
    "stated assert asserts insist insists report reports reported write writes wrote maintain maintains suppose hope "
    "hopes hoped expect expects expected assume assumes assumed"
)
HYPOTHESES = _words("if unless suppose supposing imagine")
HEDGES = _words("might maybe perhaps possibly whether unsure unclear doubt doubtful guess supposedly allegedly unknown")
DOUBTS = _words(
    "exclude excludes excluded excluding leave leaves leaving left absent lowers reduces decreases reduced rarer "
    "whatever outside stay stays stayed remain remains remained keep keeps kept same still alone half sometimes "
    "partly another either avoid avoids "
    "avoided prevent prevents prevented harmless safe irrelevant unnecessary needless unaffected unbiased "
    "unlikely impossible "
    "wrong false deny denies denied reject rejects ignore ignores "
    "lower worse below under less fewer stricter unchanged stable zero fine ok okay fairly "
    "equal equally identical noise chance luck accident coincidence fluke small"
)
"""Words that may turn a claim, in ways that rules cannot tell: the probe asks."""

STRONG_DOUBTS = _words(
    "disjoint apart separate separated separately distinct untrue myth mistaken nonsense contrary opposite imagination"
)
"""They may turn a claim from anywhere in its sentence."""

DENIED_AFTER = _words(
    "there present happen happened exist needed necessary required problem issue true case matter apply so "
    "correct it "
    "right"
)
"""After "is not" they deny what stands before it."""

RETRACTIONS = _words("wrong false untrue incorrect mistaken nonsense mistake disagree rubbish")
"""In a short clause of their own ("that is wrong") they turn the claim before it."""

COMPARATIVES = _words("better worse higher lower more less greater smaller larger faster slower fewer")
"""They compare with what follows "than"; without it their sides are open."""

COMPARISONS = COMPARATIVES | _words(
    "beat beats beaten beating above below after before under exceed exceeds exceeding outperform outperforms"
)
