from rich.console import Console

from heldout.practice.mock.demo import mini_mock


def test_the_mini_mock_interrupts_is_finished_and_is_the_same_each_time() -> None:
    seen = []
    for _ in range(2):
        console = Console(width=100, record=True, quiet=False, file=__import__("io").StringIO())
        score = mini_mock(console)
        seen.append((console.export_text(), score))

    text, score = seen[0]
    assert seen[0] == seen[1]
    assert score.is_finished
    assert score.overall is not None
    assert score.overall > 60
    assert score.facts.elapsed <= 4 * 60
    for line in ("We have 4 minutes, and I may interrupt you", "I am quite sure", "A quick check of time", "you said"):
        assert line in text
