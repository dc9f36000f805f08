import pytest

from samples.citations.parties import are_same


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Donoghue v Stevenson", "Donoghue v. Stevenson"),
        ("Donoghue v Stevenson", "M'Alister or Donoghue v Stevenson"),
        ("R v Brown", "Regina v Brown and Others"),
        ("Salomon v A Salomon & Co Ltd", "Salomon v Salomon and Company Limited"),
        ("Chevron U.S.A. Inc. v. NRDC", "Chevron U.S.A., Inc. v. Natural Resources Defense Council, Inc."),
        ("Bell Atl. Corp. v. Twombly", "Bell Atlantic Corporation v. Twombly"),
        ("Erie R.R. Co. v. Tompkins", "Erie Railroad v. Tompkins"),
        ("In re Caremark Int'l Inc. Derivative Litig.", "In re Caremark International Inc. Derivative Litigation"),
        ("Caparo", "Caparo Industries plc v Dickman"),
        ("R (Miller) v Secretary of State for Exiting the European Union", "Miller v Sec of State for Exiting the EU"),
        ("SEC v. Jarkesy", "Securities and Exchange Commission v. Jarkesy"),
        ("Jarkesy v. SEC", "SEC v. Jarkesy"),
    ],
)
def test_one_case_under_two_spellings(left, right):
    assert are_same(left, right)
    assert are_same(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Smith v Jones", "Donoghue v Stevenson"),
        ("R v Smith", "R v Jones"),
        ("Donoghue v Smith", "Donoghue v Stevenson"),
        ("Hale Ltd v Morton Ltd", "Brown Ltd v Green Ltd"),
        ("", "Donoghue v Stevenson"),
    ],
)
def test_two_cases_are_two(left, right):
    assert not are_same(left, right)
