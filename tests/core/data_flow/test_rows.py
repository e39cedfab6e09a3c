import pytest

from heldout.core.data_flow.rows import Part, Relation, Step, flipped, relation

TRAIN = Step("split", ("train", ""), dealt=True)
OTHER = Step("another split", ("train", ""), dealt=True)


def where(operator, bound, column="year"):
    return Step(f"rows where {column}", (operator, bound))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ((), (), Relation.COVERS),
        ((), (TRAIN,), Relation.COVERS),
        ((TRAIN,), (), Relation.WITHIN),
        ((TRAIN,), (flipped(TRAIN),), Relation.DISJOINT),
        ((TRAIN,), (OTHER,), Relation.OVERLAPS),
        ((TRAIN,), (where("<", "3"),), Relation.UNKNOWN),
        ((where("<", "2015"),), (where(">=", "2015"),), Relation.DISJOINT),
        ((where("<", "2015"),), (where("==", "2016"),), Relation.DISJOINT),
        ((where("<", "9"),), (where("==", "9"),), Relation.DISJOINT),
        ((where("<=", "9"),), (where("==", "9"),), Relation.UNKNOWN),
        ((where("<", "'2015-03-01'"),), (where(">", "'2015-04-01'"),), Relation.DISJOINT),
        ((where("<", "2016"),), (where(">", "2015"),), Relation.UNKNOWN),
        ((where("<", "cut"),), (where(">=", "cut"),), Relation.DISJOINT),
        ((where("<", "cut"),), (where(">=", "later"),), Relation.UNKNOWN),
        ((where("==", "1"),), (where("==", "2"),), Relation.DISJOINT),
        ((where("==", "1"),), (where("==", "2", "month"),), Relation.UNKNOWN),
        ((where("in", "a"),), (flipped(where("in", "a")),), Relation.DISJOINT),
    ],
)
def test_how_rows_lie_to_each_other_follows_from_how_they_were_narrowed(one, two, expected):
    assert relation(Part("a.csv", one), Part("a.csv", two)) is expected


def test_two_sources_share_no_rows():
    assert relation(Part("a.csv"), Part("b.csv")) is Relation.DISJOINT
