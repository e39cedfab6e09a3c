"""Small result files in the formats of others, written as these write them."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["eval_log", "inspect_samples", "lm_eval_samples", "write_lines"]


def write_lines(path: Path, records: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def lm_eval_samples(scores: Sequence[float], filters: Sequence[str] = ("none",)) -> list[dict[str, Any]]:
    return [
        {
            "doc_id": doc_id,
            "doc": {"question": "x" * 300, "subject": "ab"[doc_id % 2]},
            "target": "4",
            "arguments": {"gen_args_0": {"arg_0": "2 + 2 =", "arg_1": {"until": ["\n"]}}},
            "resps": [["4"]],
            "filtered_resps": ["4"],
            "filter": name,
            "metrics": ["exact_match"],
            "doc_hash": f"doc {doc_id}",
            "prompt_hash": "p",
            "target_hash": "t",
            "exact_match": score,
        }
        for name in filters
        for doc_id, score in enumerate(scores)
    ]


def inspect_samples(values: Sequence[Any], epochs: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "id": f"item {place}",
            "epoch": epoch,
            "input": "2 + 2 =",
            "target": "4",
            "metadata": {"subject": "ab"[place % 2]},
            "scores": {"match": {"value": value, "answer": "4"}},
        }
        for place, value in enumerate(values)
        for epoch in range(1, epochs + 1)
    ]


def eval_log(path: Path, samples: Sequence[Mapping[str, Any]], *, model: str, summaries: bool = True) -> Path:
    header = {"version": 2, "status": "success", "eval": {"task": "arithmetic", "model": model}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(header))
        if summaries:
            archive.writestr("summaries.json", json.dumps(samples))
        for sample in samples:
            archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
    return path
