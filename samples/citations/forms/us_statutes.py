"""American statutes, rules, constitutions and restatements."""

import re
from collections.abc import Iterator

from samples.citations.citation import Citation, Kind
from samples.citations.text import SUBDIVISIONS, abbreviation, has_any

_SIGN = r"(?:\u00a7{1,2}|[Ss]ec(?:tion|s)?\.?)[ ]{0,2}"
_SECTION = (
    rf"(?P<number>\d{{1,6}}[a-zA-Z]{{0,4}}(?:[-.:/]\d{{1,5}}[a-zA-Z]{{0,3}}){{0,5}})"
    rf"(?P<pinpoint>{SUBDIVISIONS}(?:(?:-|,[ ]|[ ]and[ ]"
    rf"|[ ]to[ ])\d{{1,6}}[a-z]{{0,3}}{SUBDIVISIONS}){{0,3}})"
)
_YEAR = r"(?:[ ]?\((?:West[ ])?(?P<year>[12]\d{3})\))?"
_STATE = (
    r"(?:Ala|Alaska|Ariz|Ark|Cal|Colo|Conn|D\.C|Del|Fla|Ga|Haw|Idaho|Ill|Ind|Iowa|Kan|Ky|La|Mass|Md|Me"
    r"|Mich|Minn|Miss|Mo|Mont|N\.C|N\.D|N\.H|N\.J|"
    r"N\.M|N\.Y|Neb|Nev|Ohio|Okla|Or|Pa|R\.I|S\.C|S\.D|Tenn|Tex|Utah|Va|Vt|W\.[ ]?Va|Wash|Wis|Wyo"
    r"|California|Texas|Florida|New[ ]York|Delaware|Illinois)\.?"
)
_CODES = re.compile(
    rf"\b(?P<title>\d{{1,3}})[ ](?P<source>U\.?[ ]?S\.?[ ]?C\.?(?:[ ]?[AS]\.?)?|C\.?[ ]?F\.?[ ]?R\.?"
    rf"|Del\.[ ]C\.|D\.?C\.?M\.?R\.?)[ ](?:{_SIGN}|[Pp]arts?[ ])?{_SECTION}{_YEAR}"
)
_STATE_CODE = re.compile(
    rf"\b(?P<source>{_STATE}[ ](?:(?:[A-Z][A-Za-z'&.]{{0,12}}|&|and)[ ]?){{0,6}}?(?:Code|Stat|Stats"
    rf"|Laws?|L|C|Ann|Comp|Gen|Rev)\.?(?:[ ]Ann\.?)?(?:[ ]\(West\))?)"
    rf"(?:,?[ ](?:tit|ch|c|art)\.[ ](?P<title>\d{{1,4}}[A-Z]?))?,?[ ]{_SIGN}{_SECTION}{_YEAR}"
)
_ILLINOIS = re.compile(
    r"\b(?P<title>\d{1,3})[ ](?P<source>ILCS|Ill\.[ ]Comp\.[ ]Stat\.)(?:[ ]Ann\.)?[ ]"
    r"(?P<number>\d{1,5}/[\d.-]{1,10})(?P<pinpoint>" + SUBDIVISIONS + ")"
)
_MASSACHUSETTS = re.compile(
    rf"\b(?P<source>Mass\.[ ]Gen\.[ ]Laws|M\.?G\.?L\.?|G\.[ ]?L\.)(?:[ ]Ann\.)?[ ](?:ch|c)\.[ ]?"
    rf"(?P<title>\d{{1,3}}[A-Z]?),?[ ]{_SIGN}{_SECTION}"
)
_UCC = re.compile(
    rf"\b(?P<source>U\.C\.C\.|UCC|Uniform Commercial Code)[ ]{{1,2}}(?:{_SIGN})?"
    rf"(?P<number>\d[A-C]?-\d{{3}}[A-Z]?)(?P<pinpoint>{SUBDIVISIONS})"
)
_CONSTITUTION = re.compile(
    rf"\b(?P<source>(?:U\.?[ ]?S\.?|{_STATE})[ ]Const(?:\.|itution))[, ]{{1,2}}(?P<number>(?:[Aa]rt"
    rf"(?:\.|icle)|[Aa]mend(?:\.|ment)|pmbl\.)(?:[ ][IVXLC]{{1,8}}\b|[ ]\d{{1,3}}\b)?)"
    rf"(?P<pinpoint>(?:,[ ](?:{_SIGN}|cl\.[ ]|[Cc]lause[ ])[\w-]{{1,6}}){{0,3}})"
)
_RULES = re.compile(
    rf"\b(?P<source>Fed\.[ ]?R\.[ ]?(?:Civ\.[ ]?P|Crim\.[ ]?P|Evid|App\.[ ]?P|Bankr\.[ ]?P)\."
    rf"|F\.?R\.?C\.?P\.?|F\.?R\.?E\.?|FRCP|Federal Rules? of (?:Civil Procedure|Criminal Procedure"
    rf"|Evidence))[ ](?:[Rr]ule[ ])?(?P<number>\d{{1,4}}(?:\.\d)?)(?P<pinpoint>{SUBDIVISIONS})"
)
_RESTATEMENT = re.compile(
    rf"\b(?P<source>Restatement[ ]\((?:First|Second|Third|Fourth)\)[ ]of[ ](?:the[ ])?"
    rf"(?:[A-Z][A-Za-z]{{1,20}}:?(?:[ ](?:of|and|for|the)[ ]|[ ]|,[ ])){{1,8}}){_SIGN}{_SECTION}"
)
_NAMED = re.compile(
    rf"\b(?P<source>Model Penal Code|Model Bus(?:iness|\.) Corp(?:oration|\.) Act"
    rf"|Model Rules of Professional Conduct(?:[ ]r\.)?|UPA|RUPA|MPC|MBCA|Securities Act"
    rf"|Securities Exchange Act|Exchange Act|Sherman Act|Clayton Act|Lanham Act|FTC Act|Copyright Act"
    rf"|Patent Act)[ ](?:{_SIGN}|[Rr]ule[ ])?{_SECTION}"
)
_PUBLIC = re.compile(
    r"\b(?P<source>Pub(?:\.|lic)[ ]L(?:\.|aw))[ ](?:No\.[ ])?(?P<number>"
    r"(?P<congress>\d{1,3})-\d{1,4})\b(?:,[ ]\u00a7[ ]?\d{1,5}"
    + SUBDIVISIONS
    + r")?(?:,[ ]\d{1,3}[ ]Stat\.[ ]\d{1,5}(?:,[ ]\d{1,5})?)?(?:[ ]\((?P<year>[12]\d{3})\))?"
)
_AT_LARGE = re.compile(
    r"\b(?P<title>\d{1,3})[ ](?P<source>Stat\.|Fed\.[ ]?Reg\.)[ ](?P<number>\d{1,3},\d{3}|\d{1,6})"
    r"(?:,[ ]\d{1,6})?(?:[ ]\((?:[A-Z][a-z]{1,8}\.?[ ]\d{1,2},[ ])?(?P<year>[12]\d{3})\))?"
)
PATTERNS = (
    (("U.S.C", "USC", "U. S. C", "U.S. C", "C.F.R", "CFR", "C. F. R", "Del. C", "D.C.M.R", "DCMR"), _CODES),
    (("\u00a7", "Code s", "Code S", "Law s", "Law S", "Stat. s", "Stat. S"), _STATE_CODE),
    (("ILCS", "Ill. Comp"), _ILLINOIS),
    (("Gen. Laws", "G.L", "GL", "G. L"), _MASSACHUSETTS),
    (("U.C.C", "UCC", "Uniform Commercial"), _UCC),
    (("Const. ", "Constitution", "Const., "), _CONSTITUTION),
    (("Fed. R", "Fed.R", "F.R.C.P", "FRCP", "FRE ", "F.R.E", "Federal Rule"), _RULES),
    (("Restatement (",), _RESTATEMENT),
    (("Model ", "UPA ", "MPC ", "MBCA ", "Act \u00a7", "Act s", "Act S"), _NAMED),
    (("Pub. L", "Public Law"), _PUBLIC),
    (("Stat. ", "Fed. Reg", "Fed.Reg"), _AT_LARGE),
)
"""Each with the words of which it needs one."""
_SAME = {
    "USCA": "USC",
    "USCS": "USC",
    "UniformCommercialCode": "UCC",
    "FederalRulesofEvidence": "FedREvid",
    "FRE": "FedREvid",
    "FRCP": "FedRCivP",
    "FederalRulesofCivilProcedure": "FedRCivP",
    "FederalRuleofCivilProcedure": "FedRCivP",
    "FederalRuleofEvidence": "FedREvid",
}


def find(text: str) -> Iterator[Citation]:
    for needles, pattern in PATTERNS:
        if has_any(text, needles):
            yield from map(_statute, pattern.finditer(text))


def _statute(match: re.Match[str]) -> Citation:
    parts = match.groupdict()
    source = " ".join(match["source"].split())
    short = abbreviation(source)
    key = " ".join(
        filter(
            None,
            (
                parts.get("title"),
                _SAME.get(short, short),
                abbreviation(match["number"]) if " " in match["number"] else match["number"],
            ),
        )
    )
    return Citation(
        kind=Kind.US_STATUTE,
        start=match.start(),
        end=match.end(),
        key=key.lower(),
        source=source,
        year=int(parts["year"]) if parts.get("year") else None,
        volume=parts.get("title") or "",
        number=match["number"],
        pinpoint=(parts.get("pinpoint") or "").strip(" ,"),
    )
