"""Which change of a purpose is material: people must decide again.

More data, a harder basis, longer, other use or keeping. A translation that joins the others is not.
"""

from consent.purposes import Cell, Purpose


def is_material(old: Purpose, new: Purpose) -> bool:
    wider = (
        new.access != old.access
        or new.max_duration_days > old.max_duration_days
        or any(said != old.data_life.get(it, said) for it, said in new.data_life.items())
        or (new.automated and not old.automated)
    )
    return wider or any(_changed(old.by_attribute.get(cell.attr_id), cell) for cell in new.cells)


def _changed(old: Cell | None, new: Cell) -> bool:
    return old is None or (old.basis, old.necessity) != (new.basis, new.necessity)
