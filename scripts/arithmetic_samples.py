"""Write two sample files in lm-eval's format, to compare: `python scripts/arithmetic_samples.py DIR`.

The 60 word problems are ours, the answers of the two models are made up: `tuned` is better where a problem has several
steps, and drops the phrase that strict-match looks for now and then.
"""

import hashlib
import json
import random
import sys
from pathlib import Path

NAMES = ["Ada", "Ben", "Chi", "Dov", "Eva", "Fay", "Gus", "Hal", "Ida", "Jon"]
STORIES = {
    "market": (1, "{n} sells {a} apples at ${b} each. How many dollars does {n} take in?", lambda a, b: a * b),
    "books": (1, "{n} reads {a} pages a day. How many pages does {n} read in {b} days?", lambda a, b: a * b),
    "garden": (2, "{n} plants {a} rows of {b} beans, and 4 do not come up. How many do?", lambda a, b: a * b - 4),
    "coins": (
        2,
        "{n} has {a} coins and finds {b} more, then shares them by 2. How many each?",
        lambda a, b: (a + b) // 2,
    ),
}
RIGHT = {"base": {1: 0.85, 2: 0.4}, "tuned": {1: 0.86, 2: 0.68}}
FORGETS = {"base": 0.03, "tuned": 0.22}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lines(model: str) -> list[str]:
    rng = random.Random(f"answers of {model}")
    written = []
    for doc_id in range(60):
        story = list(STORIES)[doc_id % len(STORIES)]
        steps, text, solve = STORIES[story]
        draw = random.Random(f"problem {doc_id}")
        a, b = draw.randrange(3, 25) * 2, draw.randrange(2, 12) * 2
        question, answer = text.format(n=draw.choice(NAMES), a=a, b=b), solve(a, b)
        hard = 0.6 * draw.random() + 0.4 * rng.random()  # a problem is hard for both
        given = answer if hard < RIGHT[model][steps] else answer + draw.choice((-10, -2, 2, 10))
        forgets = rng.random() < FORGETS[model]
        response = f"It is {given}." if forgets else f"#### {given}"
        for name in ("strict-match", "flexible-extract"):
            found = "[invalid]" if forgets and name == "strict-match" else str(given)
            sample = {
                "doc_id": doc_id,
                "doc": {"question": question, "answer": f"#### {answer}", "story": story, "steps": steps},
                "target": f"#### {answer}",
                "arguments": {"gen_args_0": {"arg_0": f"{question}\nAnswer:", "arg_1": {"until": ["\n"]}}},
                "resps": [[response]],
                "filtered_resps": [found],
                "filter": name,
                "metrics": ["exact_match"],
                "doc_hash": sha(question),
                "prompt_hash": sha(f"Question: {question}"),
                "target_hash": sha(str(answer)),
                "exact_match": float(found == str(answer)),
            }
            written.append(json.dumps(sample))
    return sorted(written, key=lambda line: '"filter": "flexible-extract"' in line)


def main() -> None:
    for model in RIGHT:
        folder = Path(sys.argv[1]) / model
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "samples_arithmetic_2026-11-02T10-00-00.000000.jsonl"
        path.write_text("\n".join(lines(model)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
