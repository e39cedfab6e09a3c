"""`heldout eval open`, `token` and `serve`: start a candidate's clock, let others in, and run the server."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from heldout.cli.console import print_line
from heldout.core.errors import BadInput

__all__ = ["open_eval", "register", "serve", "token"]

Eval = Annotated[Path, typer.Argument(help="The folder that `heldout eval new` wrote.")]
Url = Annotated[str, typer.Option(help="Where `heldout eval serve` is reached.")]
HERE = "http://127.0.0.1:8642"


class Guest(StrEnum):
    """Who else comes in."""

    RATER = "rater"
    ADJUDICATOR = "adjudicator"
    ORGANISER = "organiser"


def register(app: typer.Typer) -> None:
    """Add the commands to those of `heldout eval`."""
    app.command("open")(open_eval)
    app.command()(token)
    app.command()(serve)


def open_eval(
    folder: Eval,
    *,
    candidate: Annotated[str, typer.Option(help="A short name or number; it need not be the person's.")],
    time_zone: Annotated[str, typer.Option(help="The candidate's time zone, such as Europe/Berlin.")] = "UTC",
    waking: Annotated[str | None, typer.Option(help="The hours of a day that count, such as 08:00-22:00.")] = None,
    hours: Annotated[
        float | None, typer.Option(help="Agreed hours of the window; the brief's where not given.")
    ] = None,
    consent_given: Annotated[bool, typer.Option("--consent-given", help="The candidate read and agreed.")] = False,
    new_token: Annotated[bool, typer.Option("--new-token", help="Revoke the candidate's token, give another.")] = False,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help="Without a server: push to a local folder.")] = False,
    url: Url = HERE,
) -> None:
    """Start a candidate's clock: consent, repository, token.

    Done twice, it changes nothing.

    Exit codes: 0 open, 1 no consent, 2 bad input, 4 the tool failed.
    """
    from heldout.app.eval_open import NOT_PROVEN, Giving, consent_of, open_candidate, terms_of

    terms = terms_of(folder, time_zone=time_zone, waking=waking, hours=hours)
    print_line(f"consent: {consent_of(folder)}")
    if not (consent_given or _agrees()):
        print_line("not opened: no consent was given; --consent-given says that it was", err=True)
        raise typer.Exit(1)
    giving = Giving.NONE if rehearsal else Giving.ANEW if new_token else Giving.ONCE
    opened = open_candidate(folder, candidate, terms, consents=True, token=giving)
    if opened.receipt is not None:
        print_line(f"open since {opened.receipt.at} for {candidate}: receipt {opened.receipt.n}, {opened.receipt.head}")
    else:
        print_line(f"open already for {candidate}; the clock runs on")
    print_line(f"agreed: {opened.terms.hours:g} hours, {opened.terms.waking}, {opened.terms.time_zone}")
    if rehearsal:
        print_line(f"push to: {opened.record.repository}")
        print_line(f"note: {NOT_PROVEN}")
        return
    _print_token(opened.token)
    print_line(f"clone from: {_address(url, candidate)} (any git; the token is the password)")
    print_line(f"page: {url.rstrip('/')}/c/{candidate}")


def token(
    folder: Eval,
    role: Annotated[
        Guest, typer.Argument(help="rater, adjudicator or organiser; a candidate's token comes from `open`.")
    ],
    name: Annotated[str, typer.Argument(help="A rater's name or number.")] = "",
    *,
    anew: Annotated[bool, typer.Option("--new-token", help="Revoke those given before, too.")] = False,
    url: Url = HERE,
) -> None:
    """Give a rater, adjudicator or organiser a token for the pages.

    It is shown once, and kept as a hash.

    Until the lock raters see works under numbers, and nothing with a name in it; then events, repository and card,
    without clock, times and accommodations.
    """
    from heldout.app.eval_open import give_token
    from heldout.evals.record.kinds import Role

    if (role is Guest.ORGANISER) is bool(name):
        raise BadInput(
            "a rater has a name, and an organiser none", expected="token EVAL rater NAME, or token EVAL organiser"
        )
    given = give_token(folder, Role(role.value), name, anew=anew)
    print_line(f"token of {' '.join(filter(None, (role.value, name)))}, shown once: {given}")
    print_line(f"page: {url.rstrip('/')}/login")


def serve(
    folder: Eval,
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8642,
    url: Annotated[str | None, typer.Option(help="How others reach it, such as https://eval.example.org.")] = None,
) -> None:
    """Receive pushes and show everybody's pages, until Ctrl-C.

    It speaks plain HTTP: beyond this machine, put a reverse proxy with TLS before it and name its address by --url.
    Exit codes: 0 stopped, 2 bad input, 4 the tool failed.
    """
    from heldout.app.eval_open import reconcile_all, tokens_of
    from heldout.app.eval_receive import clock_shown, posting, reads_pushes
    from heldout.app.eval_talk import opened_workspace
    from heldout.evals.record.kinds import Role
    from heldout.web import Site, serve_site

    workspace = opened_workspace(folder.resolve())
    tokens = tokens_of(workspace)
    reads = reads_pushes(workspace)
    for record, one in reconcile_all(folder, reads):
        print_line(f"found: {record.name}: {one}")
    if not tokens.has(Role.ORGANISER):
        print_line(f"organiser's token, shown once: {tokens.issue(Role.ORGANISER)}")

    def say(address: str) -> None:
        print_line(f"serving {address} (plain HTTP; TLS is a reverse proxy's job); stop with Ctrl-C")

    site = Site(
        workspace=workspace,
        tokens=tokens,
        url=url,
        clock=clock_shown(workspace),
        on_push=reads,
    )
    with posting(workspace):
        serve_site(site, host=host, port=port, say=say)


def _agrees() -> bool:
    try:
        return typer.confirm("Does the candidate agree, before the clock starts?")
    except typer.Abort:
        return False


def _print_token(token: str | None) -> None:
    if token is None:
        print_line("token: given before; --new-token revokes it and gives another")
    else:
        print_line(f"token, shown once: {token}")


def _address(url: str, candidate: str) -> str:
    scheme, separator, rest = url.rstrip("/").partition("://")
    return f"{scheme}{separator}{candidate}@{rest}/git/{candidate}"
