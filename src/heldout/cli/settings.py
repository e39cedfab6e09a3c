"""The settings of a file as defaults of a command's options: what is said on the command line wins."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from heldout.cli.console import print_line

if TYPE_CHECKING:
    from heldout.core.accept import Accept

__all__ = ["FromFile", "parameters", "settings_of", "settled"]

KEY = "heldout.settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class FromFile:
    """What no option says: the acceptances, and that DATA is the file's."""

    accepts: "tuple[Accept, ...]"

    def is_overruled(self, context: typer.Context) -> bool:
        """Tell whether the command line gives --train, instead of the file's table."""
        source = context.get_parameter_source("train")
        return source is not None and source.name == "COMMANDLINE"


def settled(context: typer.Context, data: str | None) -> str | None:
    """Return the table, and make what a file says the defaults of the other options.

    The file is DATA where that is a .toml; without DATA and --train the nearest heldout.toml or pyproject.toml that
    has [tool.heldout]. It is told which.
    """
    named = Path(data) if data is not None and data.lower().endswith(".toml") and "://" not in data else None
    if named is None and (data is not None or context.params.get("train") is not None):
        return data
    from heldout.app.config import find_config, read_config  # pydantic takes a while to load

    path = named or find_config(Path.cwd())
    if path is None:
        return None
    settings = read_config(path)
    print_line(f"settings: {settings.said}", err=True)
    names = parameters(context)
    options = {names.get(option, option): value for option, value in settings.options.items()}
    table = options.pop("data", None)
    context.default_map = options
    context.meta[KEY] = FromFile(accepts=settings.accepts)
    return None if table is None else str(table)


def settings_of(context: typer.Context) -> FromFile | None:
    """Return what `settled` found; None where no file was used."""
    found = context.meta.get(KEY)
    return found if isinstance(found, FromFile) else None


def parameters(context: typer.Context) -> dict[str, str]:
    """Return the parameter of each option by the option's name, with `_` for `-`."""
    return {
        option.lstrip("-").replace("-", "_"): str(parameter.name)
        for parameter in context.command.params
        for option in parameter.opts
    }
