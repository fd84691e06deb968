"""One SQLite transaction for many requests: one's conflict harms no other."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress

from store.database import Conflict, Unavailable, Violation, Write, changed

_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)

Outcome = Exception | None


def commit_all(
    connection: sqlite3.Connection, requests: Sequence[Sequence[Write]]
) -> Sequence[Outcome]:
    """One outcome for each. A transaction that fails as a whole fails each request in it."""
    try:
        outcomes = write_all(connection, requests)
    except sqlite3.Error as error:
        return [Unavailable(str(error)) for _ in requests]
    return seal(connection, outcomes)


def write_all(
    connection: sqlite3.Connection, requests: Sequence[Sequence[Write]]
) -> Sequence[Outcome]:
    """One outcome for each; nothing is committed before ``seal``. Raises ``sqlite3.Error``.

    Nearly always all succeed: so first as one, without a savepoint, for which SQLite copies every
    page that it changes. Only if that fails each by itself.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcome = attempt(connection, [write for writes in requests for write in writes])
        if outcome is None:
            return [None] * len(requests)
        connection.rollback()
        connection.execute("BEGIN IMMEDIATE")
        if len(requests) == 1:
            return [outcome]
        return [apply(connection, writes) for writes in requests]
    except sqlite3.Error:
        give_up(connection)
        raise


def seal(connection: sqlite3.Connection, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """Commit what was written."""
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        give_up(connection)
        return [Unavailable(str(error)) for _ in outcomes]
    return outcomes


def give_up(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        connection.rollback()


def apply(connection: sqlite3.Connection, writes: Sequence[Write]) -> Outcome:
    """All of these writes or none of them."""
    connection.execute("SAVEPOINT request")
    outcome = attempt(connection, writes)
    if outcome is not None:
        connection.execute("ROLLBACK TO request")
    connection.execute("RELEASE request")
    return outcome


def attempt(connection: sqlite3.Connection, writes: Sequence[Write]) -> Outcome:
    cursor = connection.cursor()
    try:
        for write in writes:
            cursor.execute(write.statement.sql, write.values)
            changed(write, cursor.rowcount)
    except sqlite3.IntegrityError as error:
        taken = error.sqlite_errorcode in _TAKEN
        return Conflict(str(error)) if taken else Violation(str(error))
    except sqlite3.OperationalError as error:
        fault = error.sqlite_errorcode == sqlite3.SQLITE_ERROR  # ours: the statement is wrong
        return error if fault else Unavailable(str(error))
    except Exception as error:  # noqa: BLE001  whatever it is, it is this request's alone
        return error
    return None
