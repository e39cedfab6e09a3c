"""Each question to the documents, by sentences as people write them."""

import pytest
from tests.repositories import asked

from heldout.core.finding import Certainty, Ending
from heldout.engine import catalog

CHECKS = {check.code: check for check in catalog()}
SAYING = {
    "DOC003": [
        "It is meant for planning staff. It must not be used for pay.",
        "## Uses\n\nPlan the staff of a whole week.\n\n## Out-of-scope use\n\nPay and rights of single persons.",
    ],
    "DOC004": [
        "The dataset has a CC0 licence. Rows are deleted after a year.",
        "## Privacy\n\nCustomers agreed in the shop's form.\n\n## Retention\n\nAll tables go after two years.",
    ],
    "DOC005": ["The coefficients are in model.json.", "## How it works\n\nIt adds up one number per hour."],
    "DOC006": [
        "Boosting was preferred by us over trees.",
        "## Alternatives\n\nTrees were slower and no better.",
    ],
    "DOC007": [
        "Training is O(n log n) and took 3.5 s on 10,000 rows.",
        "Memory grows with the rows.\n\n| n | MB |\n|---|---|\n",
    ],
    "DOC008": [
        "We monitor the rate; when it drops, roll back.",
        "## Alerts\n\nSeconds per batch, and its errors.\n\n## Runbook\n\nStart the scorer again, then call.",
    ],
}
SILENT = [
    "This project is licensed under the MIT License. It is fast.",
    "The model uses Python 3 and reads the table.",
    "TODO: intended use, consent, retention, explanation, trade-offs, complexity, monitoring.",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SAYING.items() for text in texts])
def test_a_readme_that_says_it_is_clear_and_so_is_a_card(code, text):
    assert asked(CHECKS[code], {"README.md": text}).ending is Ending.CLEAR
    assert asked(CHECKS[code], {"README.md": "# A\n", "MODEL_CARD.md": text}).ending is Ending.CLEAR


@pytest.mark.parametrize("code", SAYING)
@pytest.mark.parametrize("text", SILENT)
def test_a_readme_that_does_not_is_a_suspicion(code, text):
    assert asked(CHECKS[code], {"README.md": text}).certainty is Certainty.SUSPECT


@pytest.mark.parametrize("code", SAYING)
def test_the_page_shows_how_to_write_it(code):
    to_do = CHECKS[code].page.partition("## What to do")[2].partition("## Limits")[0]
    assert "    ## " in to_do
