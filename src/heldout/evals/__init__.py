"""The eval: its brief, what a submission promises, the predictions it hands in, and its grading.

Light on purpose: the limited processes that read foreign files import single modules of this package.
"""

__all__ = ["brief_schema", "submission_schema"]


def brief_schema() -> dict[str, object]:
    """Return the JSON Schema of `brief.toml`."""
    from heldout.evals import schemas  # pydantic stays out of the limited processes

    return schemas.brief_schema()


def submission_schema() -> dict[str, object]:
    """Return the JSON Schema of `submission.toml`."""
    from heldout.evals import schemas  # pydantic stays out of the limited processes

    return schemas.submission_schema()
