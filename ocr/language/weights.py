"""How the evidence is weighed; what the numbers were chosen on stands in the model card."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Costs in nats, except those of the recogniser's alternatives.

    `alternative` turns the recogniser's costs into nats. `unlisted` is the recogniser's cost of a
    letter that differs by its marks though it did not see that; `unlisted_capital` in a word with
    a capital, which may be a name. `fewer_marks` comes on top for each letter that would lose a
    mark. `edited` is the cost of a letter too many, too few or another in a word that makes no
    sense, `width` that of each letter's width by which its reading misses the box,
    `dearest_edited` what such a reading may cost at most. `outside` is what a word costs that is
    no known syllable, `impossible` what one costs that could be none. `pair` and `capital_pair`
    say how often a corrected word must have been seen beside a neighbour for a Vietnamese
    syllable to give way to it.
    """

    alternative: float = 0.55
    unlisted: float = 20.0
    unlisted_capital: float = 28.0
    fewer_marks: float = 10.0
    edited: float = 24.0
    outside: float = 9.0
    impossible: float = 14.0
    pair: int = 10
    capital_pair: int = 10
    dearest_alternative: float = 26.0
    dearest_edited: float = 50.0
    width: float = 8.0
    most_candidates: int = 16


DEFAULT = Weights()
