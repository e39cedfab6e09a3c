"""The published JSON Schemas of the contracts, generated from their models."""

from pydantic import BaseModel

from heldout.evals.brief import Brief
from heldout.evals.submission import Submission

__all__ = ["brief_schema", "submission_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def brief_schema() -> dict[str, object]:
    """Return the JSON Schema of `brief.toml`."""
    return _schema(Brief)


def submission_schema() -> dict[str, object]:
    """Return the JSON Schema of `submission.toml`."""
    return _schema(Submission)


def _schema(model: type[BaseModel]) -> dict[str, object]:
    return {"$schema": DIALECT, **model.model_json_schema()}
