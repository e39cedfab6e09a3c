"""Every mutant of every blank-file task, run as a learner's file would be."""

import pytest

from heldout.practice.blank import tasks
from heldout.practice.blank.examine import examine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_each_mutant_loses_the_tests_that_it_names_in_a_process_of_its_own(task) -> None:
    for seed in range(20, 23):
        for slip in task.slips:
            found = examine(task, slip.source(task.reference), seed=seed)
            assert found.trouble == ""
            assert set(slip.fails) <= {one.test for one in found.failed}, slip.mistake
