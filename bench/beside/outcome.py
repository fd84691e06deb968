"""What an answer comes to, in words in which two providers can be compared."""

from urllib.parse import parse_qsl, urljoin, urlsplit

from httpx2 import Response

from bench.side import HOME

OWN = "a page of its own"


def outcome(answer: Response) -> str:
    """One line. What differs by chance, and what is only worded differently, is not in it."""
    if answer.is_redirect:
        return _sent(urljoin(str(answer.url), answer.headers["location"]))
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        return _page(answer)
    words = [str(answer.status_code)]
    if kind == "application/json":
        words.append(_json(answer))
    challenge = answer.headers.get("www-authenticate", "")
    if challenge:
        words.append(f"WWW-Authenticate: {challenge.partition(' ')[0]}")
    return ", ".join(filter(None, words))


def _sent(to: str) -> str:
    if not to.startswith(HOME):
        return f"sent to {_ORIGIN}" if to.startswith(_ORIGIN) else OWN
    parts = urlsplit(to)
    channel = "fragment" if parts.fragment else "query"
    return f"back in the {channel}: {_said(dict(parse_qsl(parts.fragment or parts.query)))}"


def _page(answer: Response) -> str:
    if f'action="{HOME}"' in answer.text:
        found = "error" if 'name="error"' in answer.text else "code"
        return f"back by a posted form: {found}"
    return f"an error page, {answer.status_code}" if answer.is_error else OWN


def _said(values: dict[str, str]) -> str:
    others = sorted(values.keys() - {"error", "code", "error_description", "error_uri"})
    head = f"error `{values['error']}`" if "error" in values else "a code"
    return " with ".join(filter(None, [head, ", ".join(f"`{name}`" for name in others)]))


def _json(answer: Response) -> str:
    said = answer.json() if answer.content else {}
    if not isinstance(said, dict):
        return ""
    if "error" in said:
        return f"`{said['error']}`"
    names = sorted(said.keys() & {"access_token", "id_token", "refresh_token", "sub", "active"})
    return ", ".join(f"`{name}`" for name in names)


_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(HOME))
