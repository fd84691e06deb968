"""How a person gets through our pages, in the commands of the suite's own browser.

Each task names the pages it is for, and what is filled in, pressed or waited for there. What is
optional may not be asked. Some modules want a picture of a page and go no further: what must be
read on it takes the picture.
"""

from collections.abc import Mapping
from typing import Any

from examples.conformance.addresses import at_suite, suite

PATIENCE = 10
ON = "//a[@data-on]"  # the page goes there by itself once its frames have loaded
SIGN_IN, REFUSED = "Sign in", "This link does not work"
PRIVACY, TERMS = "Its privacy policy", "Its terms of use"
ASKED, OUT = "Do you want to sign out", "You are signed out"
OPTIONAL = "-optional"

Person = Mapping[str, Any]
Journey = dict[str, Any]

AUTHORIZE, REGISTER, LEAVE = "oidcc-", "oidcc-registration-", "oidcc-rp-initiated-logout-"
TWICE = (f"{AUTHORIZE}prompt-login", f"{AUTHORIZE}max-age-1")
NO_WAY_BACK = (
    f"{AUTHORIZE}ensure-registered-redirect-uri",
    f"{AUTHORIZE}ensure-redirect-uri-in-authorization-request",
    f"{AUTHORIZE}redirect-uri-query-added",
    f"{AUTHORIZE}redirect-uri-query-mismatch",
)
ON_THE_PAGE = {
    f"{REGISTER}logo-uri": SIGN_IN,
    f"{REGISTER}policy-uri": PRIVACY,
    f"{REGISTER}tos-uri": TERMS,
}
NOT_OUT = {
    f"{LEAVE}bad-post-logout-redirect-uri": ("end-session", REFUSED),
    f"{LEAVE}query-added-to-post-logout-redirect-uri": ("end-session", REFUSED),
    f"{LEAVE}modified-id-token-hint": ("sign-out", ASKED),
    f"{LEAVE}bad-id-token-hint": ("sign-out", ASKED),
    f"{LEAVE}no-id-token-hint": ("sign-out", ASKED),
}
TO_OUR_PAGE = (
    f"{LEAVE}no-params",
    f"{LEAVE}no-post-logout-redirect-uri",
    f"{LEAVE}only-state",
)


def browser(issuer: str, person: Person) -> list[Journey]:
    """Two journeys: to sign in, and to sign out."""
    return [
        arriving(issuer, person),
        leaving(
            issuer,
            optional("Sign out", f"{issuer}/sign-out*", press("logout", "yes")),
            optional("On", f"{issuer}/signed-out*", ["click", "xpath", ON, "optional"]),
            task("Signed out", "*", ["wait", "xpath", "//body", PATIENCE]),
        ),
    ]


def overrides(issuer: str, person: Person) -> dict[str, dict[str, list[Journey]]]:
    """By module."""
    arrived = arriving(issuer, person)
    out = leaving(
        issuer,
        optional("Sign out", f"{issuer}/sign-out*", press("logout", "yes")),
        task("Signed out", f"{issuer}/signed-out*", seen(OUT)),
    )
    found = {
        **{key: [arriving(issuer, person, seen(SIGN_IN, OPTIONAL))] for key in TWICE},
        **{key: [ending(issuer, "authorize", REFUSED)] for key in NO_WAY_BACK},
        **{name: [ending(issuer, "sign-in", words)] for name, words in ON_THE_PAGE.items()},
        **{
            name: [arrived, leaving(issuer, task("Said", f"{issuer}/{page}*", seen(words)))]
            for name, (page, words) in NOT_OUT.items()
        },
        **{key: [arrived, out] for key in TO_OUR_PAGE},
    }
    return {name: {"browser": journeys} for name, journeys in found.items()}


def arriving(issuer: str, person: Person, *first: list[Any]) -> Journey:
    """Sign in and share, as far as that is asked, to the suite's own page."""
    done = task("Arrived", f"{suite()}/test/*", ["wait", "id", "submission_complete", PATIENCE])
    return {
        "match": f"{issuer}/authorize*",
        "tasks": [
            optional("Sign in", f"{issuer}/sign-in*", *first, *typed(person)),
            optional("Decide", f"{issuer}/decide*", press("decision", "share")),
            optional("Posted", f"{issuer}/*", ["wait", "contains", at_suite(""), PATIENCE]),
            done,
        ],
    }


def ending(issuer: str, page: str, words: str) -> Journey:
    """On this page of ours, where these words are read."""
    return {
        "match": f"{issuer}/authorize*",
        "tasks": [task("Said", f"{issuer}/{page}*", seen(words))],
    }


def leaving(issuer: str, *tasks: dict[str, Any]) -> Journey:
    return {"match": f"{issuer}/end-session*", "tasks": list(tasks)}


def typed(person: Person) -> list[list[Any]]:
    """Whoever signs in again is known already, and types the password alone."""
    return [
        ["text", "id", "identifier", person["identifier"], "optional"],
        ["text", "id", "password", person["password"]],
        press("action", "password"),
    ]


def press(name: str, value: str) -> list[Any]:
    return ["click", "xpath", f"//button[@name='{name}'][@value='{value}']"]


def seen(words: str, how: str = "") -> list[Any]:
    """Read on the page, of which a picture is taken for whoever judges it."""
    return ["wait", "xpath", "//*", PATIENCE, words, f"update-image-placeholder{how}"]


def task(name: str, match: str, *commands: list[Any]) -> dict[str, Any]:
    return {"task": name, "match": match, "commands": list(commands)}


def optional(name: str, match: str, *commands: list[Any]) -> dict[str, Any]:
    return {**task(name, match, *commands), "optional": True}
