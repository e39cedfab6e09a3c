"""The published JSON Schemas of the contracts, generated from their models."""

from pydantic import BaseModel

from heldout.evals.brief import Brief
from heldout.evals.submission import Submission

__all__ = ["schemas"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, object]]:
    """Return the schemas by the name of their file in `docs/schema/`."""
    return {"brief.json": _schema(Brief), "submission.json": _schema(Submission)}


def _schema(model: type[BaseModel]) -> dict[str, object]:
    return {"$schema": DIALECT, **model.model_json_schema()}
