"""Whatever is sent, the server answers, tells nothing of its inside, and shows nobody another one's record."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.served import Served, raw

from heldout.evals.record.kinds import Kind, Role
from heldout.web.rights import ROUTES

METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
NAMES = "c git ada bob info refs kit.zip card events.json reply HEAD config objects git-upload-pack git-receive-pack"
WORKS = "works committee work-10 leaf sheet final open conflict file lock level ruling release sheet.js"
FILES = "tokens.json ledger.jsonl brief.toml record answers opening.json final.parquet style.css"
ODD = (".. %2e%2e %2f %00 \\ ~ ; %ff", "a" * 300)
PIECES = st.sampled_from(" ".join((NAMES, WORKS, FILES, *ODD)).split())
KNOWN = st.sampled_from([right.path for right in ROUTES]).flatmap(
    lambda path: PIECES.map(lambda name: path.replace("{name}", name).replace("{work}", name))
)
PATHS = st.one_of(KNOWN, st.lists(PIECES, max_size=6).map(lambda parts: "/" + "/".join(parts)))
QUERIES = st.sampled_from(
    [
        "",
        "n=0",
        "n=-1",
        "n=9999999",
        "n=%F0",
        "saved",
        "service=git-upload-pack",
        "service=git-receive-pack",
        "service=x",
        "%00=%ff",
        "x[]=1",
    ]
)
TEXT = st.text(alphabet=string.printable.replace("\r", "").replace("\n", ""), max_size=60)
HEADER = "Content-Type Content-Encoding Origin Git-Protocol Cookie Accept Range X-Forwarded-For Authorization"
VALUES = (
    *("gzip", "application/x-www-form-urlencoded", "application/x-git-receive-pack-request", "version=2"),
    *("application/x-git-upload-pack-request", "Basic !!!", "Basic " + "x" * 2_000, "Bearer " + "x" * 500),
)
HEADERS = st.dictionaries(
    st.sampled_from(HEADER.split()), st.one_of(TEXT.map(str.strip), st.sampled_from(VALUES)), max_size=4
)
PUSHED = b"%(old)s %(new)s refs/heads/x\0report-status side-band-64k" % {b"old": b"0" * 40, b"new": b"1" * 40}
BODY = (
    *(b"0000", b"0001", b"0004", b"ffff", b"00000000", b"text=" + b"%" * 50, b"text=%ff%fe&" + b"a=1&" * 50),
    *(
        b"architecture.level=x&architecture.reason=%1b%5b31m",
        b"what=multiplier&value=nan&by=x&reason=a+b+c",
        b"sure=yes",
    ),
    *(b"by=%e2%80%ae&why=x", b"leaf=monitoring&level=staff&reason=a+b+c&by=x", b"why=a+b+c&sure=yes"),
    *(b"0032want " + b"0" * 40 + b"\n00000009done\n", b"0014command=ls-refs\n0000", b"\x1f\x8b\x08" * 9),
    *(b"%04x" % (len(PUSHED) + 4) + PUSHED + b"0000", b"%04x" % (len(PUSHED) + 4) + PUSHED + b"0000PACK\xff\xff"),
)
BODIES = st.one_of(st.none(), st.binary(max_size=300), st.sampled_from(BODY))
INSIDE = (b"Traceback", b"/tmp/", b"site-packages", b"SQL", b"BadInput", b"[core]", b"answers/", b'"salt"')


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=METHODS,
    path=PATHS,
    query=QUERIES,
    headers=HEADERS,
    body=BODIES,
    caller=st.sampled_from(["ada", "nobody", "rater", "adjudicator", "organiser"]),
)
def test_no_request_breaks_the_server_or_shows_what_is_not_the_callers(
    served: Served, method: str, path: str, query: str, headers: dict[str, str], body: bytes | None, caller: str
) -> None:
    bob = served.record("bob").ledger
    if len(bob.events()) == 1:
        bob.append(Kind.ANSWER, {"text": "BOBS SECRET"}, actor=Role.ORGANISER)
    before = bob.head
    tokens = {"ada": served.token("ada"), "rater": served.tokens[Role.RATER, ""], "nobody": ""}
    tokens["adjudicator"] = served.tokens[Role.ADJUDICATOR, ""]
    tokens["organiser"] = served.tokens[Role.ORGANISER, ""]
    sent = {"Authorization": f"Bearer {tokens[caller]}", **headers} if tokens[caller] else headers

    answer = raw(served.port, method, f"{path}?{query}", body, sent)

    assert 200 <= answer.status < 500
    assert not [inside for inside in INSIDE if inside in answer.body]
    assert bob.head == before
    if caller != "organiser":
        assert b"BOBS SECRET" not in answer.body
    assert raw(served.port, "GET", "/healthz", None, {}).status == 200
