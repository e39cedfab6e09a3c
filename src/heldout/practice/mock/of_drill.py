"""A mock's subject from a drill's world: its situation and exhibits, its points, and its questions with their keys."""

from heldout.practice.drill import Drill, Family, Kind
from heldout.practice.mock.aim import Aim, Dimension, Stage
from heldout.practice.mock.stored import aim_of, facts_of, stored, stored_aims
from heldout.practice.mock.subject import Subject, Topic, whole
from heldout.practice.point import Point
from heldout.practice.question import Form, Key, Question

__all__ = ["subject_of_drill"]

LEFT = "Nothing has to be mended: it may be used as it is."
SHIPS = {
    "name": "lets it stand",
    "says": LEFT,
    "anchors": [
        ["ship*", "report*", "keep*", "accept*", "stand*", "nothing to mend", "fine", "sound", "go ahead", "leave"]
    ],
    "hearing": "unless denied",
    "stage": "fixes",
    "dimension": "judgement",
    "ask": "What has to be mended?",
    "options": ["Nothing: the evidence is in order", "The metric", "The split"],
    "right": 0,
}
STAGES = {
    Form.NUMBER: Stage.QUANTIFIES,
    Form.ORDER: Stage.PRIORITISES,
    Form.CHOICE: Stage.FINDS,
    Form.PICK: Stage.FINDS,
}


def subject_of_drill(kind: Kind, drill: Drill, *, planted: bool, origin: str) -> Subject:
    """Return the subject: first what is seen is told in the learner's own words, then come the structured questions."""
    family = stored("families")[kind.family]
    facts = {name: family[name] for name in ("decision", "metric", "unit", "baseline", "costs")}
    asked = [_structured(one, drill.keys[one.name]) for one in drill.shown.questions]
    opening = Topic(
        name="what is seen",
        is_kept=True,
        ask="Tell me what you see in this evidence, and what follows for the number that was reported. Use figures.",
        aims=tuple(_aim(one) for one in drill.points),
        claim=_claim(drill) or (family["claim"] if planted else "The evidence is not enough, so nothing follows."),
        told=(drill.feedback.evidence, drill.feedback.price),
    )
    subject = Subject(
        title=kind.title,
        origin=origin,
        situation=drill.shown.situation,
        exhibits=drill.shown.exhibits,
        facts=facts_of(facts),
        topics=(opening, *asked, _mending(kind.family, planted=planted), _testing()),
    )
    return whole(subject)


def _aim(point: Point) -> Aim:
    number = point.number is not None
    return Aim(
        points=(point,),
        stage=Stage.QUANTIFIES if number else Stage.FINDS,
        dimension=Dimension.TECHNICAL if number else Dimension.JUDGEMENT,
    )


def _structured(question: Question, key: Key) -> Topic:
    is_first = question.name == "first"
    dimension = {Form.NUMBER: Dimension.TECHNICAL, Form.PICK: Dimension.TECHNICAL}.get(
        question.form, Dimension.FRAMING if is_first else Dimension.JUDGEMENT
    )
    aim = aim_of(
        {
            "name": question.name,
            "says": key.because,
            "anchors": [],
            "stage": STAGES[question.form].name,
            "dimension": dimension.name,
            "ask": question.ask,
            "options": question.options,
            "right": 0,
        }
    )
    return Topic(name=question.name, ask=question.ask, aims=(aim,), question=question, key=key, told=(key.because,))


def _claim(drill: Drill) -> str:
    """Return an option of a choice that earns nothing, the first of the question worth most."""
    choices = [one for one in drill.shown.questions if one.form is Form.CHOICE and one.name != "first"]
    for one in sorted(choices, key=lambda each: -each.worth):
        for option, credit in zip(one.options, drill.keys[one.name].credit, strict=True):
            if credit == 0:
                return option.rstrip(".") + "."
    return ""


def _mending(family: Family, *, planted: bool) -> Topic:
    data = stored("families")[family]
    fix = {
        "name": "what mends it",
        "says": data["fix_says"],
        "anchors": data["fix_anchors"],
        "hearing": "unless denied",
        "stage": "fixes",
        "dimension": "judgement",
        "ask": "Which of these mends it?",
        "options": data["fix_options"],
        "right": 0,
    }
    return Topic(
        name="what to do",
        is_kept=True,
        ask="What do you do about it: what first, what next, and what would you leave alone? How will you know that "
        "it helped?",
        aims=(aim_of(fix if planted else SHIPS), *stored_aims("mend")),
        told=(data["fix_says"] if planted else LEFT,),
    )


def _testing() -> Topic:
    return Topic(
        name="how it is tested",
        ask="Which test or alert would have shown this without you? On which inputs might it break, from which value "
        "does it ring, and who runs it?",
        aims=stored_aims("testing"),
    )
