"""Names and numbers are masked, whatever they look like, and nothing else is."""

import pytest

from samples.quality.duplicates.masking import masked
from samples.quality.duplicates.normalising import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("we sued Smith for it", "we sued Mrs Jane Fairweather-Hope for it"),
        ("we sued Smith for it", "we sued Harlow & Vale Ltd for it"),
        ("we sued Smith for it", "we sued the Bank of England for it"),
        ("we sued Smith for it", "we sued Harlow plc for it"),
        ("we sued Smith for it", "we sued de la Cruz for it"),
        ("we sued Smith de Vere for it", "we sued O'Brien for it"),
        ("we sued J. K. Lee for it", "we sued eBay2 for it"),
        ("Smith's claim fails", "James' claim fails"),
        ("it cost £5,000.50 in all", "it cost two hundred in all"),
        ("it cost 5 million then", "it cost £12 then"),
        ("in 1999 he paid", "in 2004 she paid"),
        ("as Élise says", "as Łukasz says"),
        ("by Smith v Jones [1999] AC 5 it is", "by Re A v Tan [2020] UKSC 41 it is"),
    ],
)
def test_what_differs_in_names_and_numbers_alone_is_the_same(one, other):
    assert masked(words(one)) == masked(words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the tenant sued the landlord", "the landlord sued the tenant"),
        ("she was negligent", "she was not negligent"),
        ("the goods of Smith and the rest", "the goods of Smith for the rest"),
    ],
)
def test_what_differs_in_any_other_word_is_not(one, other):
    assert masked(words(one)) != masked(words(other))


def test_a_script_without_capital_letters_keeps_its_words():
    assert masked(words("原告 起诉 被告")) == ["原告", "起诉", "被告"]
