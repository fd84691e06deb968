"""The ways in, and changing them: made of parts, for the pages."""

from idp.authentication.changes import Changes
from idp.authentication.pool import Pool
from idp.authentication.second_step import SecondStep
from idp.authentication.security import Security
from idp.authentication.sign_in import SignIn
from idp.parts import Parts


def make_sign_in(parts: Parts, pool: Pool) -> SignIn:
    return SignIn(
        database=parts.storage.database,
        accounts=parts.accounts,
        failures=parts.failures,
        passwords=parts.passwords,
        hasher=parts.hasher,
        pool=pool,
        means=parts.factors.means,
        start=parts.start,
        ledger=parts.ledger,
    )


def make_security(parts: Parts, pool: Pool) -> Security:
    return Security(
        accounts=parts.accounts,
        means=parts.factors.means,
        second_step=make_second_step(parts),
        changes=make_changes(parts, pool),
    )


def make_changes(parts: Parts, pool: Pool) -> Changes:
    return Changes(
        database=parts.storage.database,
        accounts=parts.accounts,
        failures=parts.failures,
        passwords=parts.passwords,
        hasher=parts.hasher,
        pool=pool,
        factors=parts.factors,
        sessions=parts.sessions,
        notices=parts.notices,
        ledger=parts.ledger,
    )


def make_second_step(parts: Parts) -> SecondStep:
    return SecondStep(
        database=parts.storage.database,
        accounts=parts.accounts,
        failures=parts.failures,
        passwords=parts.passwords,
        factors=parts.factors,
        sessions=parts.sessions,
        start=parts.start,
        notices=parts.notices,
        ledger=parts.ledger,
    )
