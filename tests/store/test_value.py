"""Values are compared by what they hold, and the type checker lets nobody change one."""

from store.value import as_value


@as_value(kw_only=True)
class Point:
    x: int
    y: int = 0


def test_values_are_equal_where_their_members_are_and_can_be_keys() -> None:
    assert Point(x=1) == Point(x=1, y=0) != Point(x=2)
    assert {Point(x=1): "found"}[Point(x=1, y=0)] == "found"


def test_who_changes_one_is_refused_by_the_type_checker() -> None:
    """It is strict about what it is told to ignore: if this were no error, it would say so."""
    Point(x=1).x = 2  # type: ignore[misc]  # the error that is wanted
