"""Marks a sentence that is said later, in the language of whoever reads it."""


def later(sentence: str) -> str:
    """The sentence itself; the catalogues find it here."""
    return sentence
