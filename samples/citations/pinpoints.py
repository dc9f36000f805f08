"""Which part of an authority is meant: sections of acts, pages and paragraphs of cases."""

import re

from samples.citations.text import SUBDIVISIONS

_UNIT = (
    r"(?:[Ss]ections?|[Ss]s?|[Ss]ub-?sections?|[Aa]rticles?|[Aa]rts?|[Rr]egulations?|[Rr]egs?|[Rr]ules?"
    r"|[Rr]r?|[Ss]chedules?|[Ss]cheds?|[Ss]chs?"
    r"|[Pp]aragraphs?|[Pp]aras?|[Pp]arts?|[Pp]ts?|[Cc]hapters?|[Cc]h|c|[Rr]ecitals?|[Oo]rd|[Tt]itles?"
    r"|[Aa]nnex(?:es)?|\u00a7{1,2})\.?"
)
_NUMBER = (
    rf"(?:(?:[A-Z]{{0,2}}\d{{1,4}}(?:\.\d{{1,3}})?[a-z]?[A-Z]{{0,3}}|[IVXLC]{{1,6}}|[A-Z]{{1,2}}\d{{0,2}})"
    rf"(?![\w/]){SUBDIVISIONS})"
)
_JOINED = rf"(?:(?:-|,?[ ](?:and|or|to)[ ]|,[ ]|[ ]?&[ ]?){_NUMBER}){{0,6}}"
PART = rf"{_UNIT}[ ]{{0,2}}{_NUMBER}{_JOINED}"
_SHORT_NAME = r"(?:[ ]\((?:the[ ])?[\"']?[A-Z][\w ]{1,30}[\"']?\))?"
"""As in "Human Rights Act 1998 (HRA)"."""
AFTER_ACT = rf"{_SHORT_NAME}(?:,?[ ]{{1,2}}(?P<pinpoint>{PART}(?:,?[ ](?:and[ ])?{PART}){{0,3}}))?"
BEFORE_ACT = re.compile(
    rf"\b(?P<pinpoint>{PART}(?:(?:,?[ ](?:and[ ])?|[ ](?:of|to)[ ](?:the[ ])?){PART}){{0,3}})(?:,|[ ]"
    rf"(?:of|to|in))?(?:[ ](?:the|that))?[ ]{{1,2}}$"
)

_PARAGRAPHS = r"\[\d{1,3}[A-Z]?\](?:(?:-|,[ ]?|[ ](?:and|to)[ ])\[?\d{1,3}[A-Z]?\]?){0,6}"
_UNITS = (
    r"(?:paragraphs?|paras?|pp?|pages?)\.?[ ]?\d{1,5}[A-Z]?(?:-\d{1,5}[A-Z]?)?(?:(?:,[ ]|[ ]and[ ])\d{1,4}"
    r"(?:-\d{1,4})?){0,4}"
)
_PAGES = r"\d{1,5}[A-H]?(?:-\d{1,5}[A-H]?)?(?:[ ]nn?\.[ ]?\d{1,3})?(?:,[ ]\d{1,5}(?:-\d{1,5})?(?![\w/.])){0,3}"
_NO_REPORT = r"(?![\w/])(?![ ][A-Z][\w.'&() ]{0,24}[ ]\d)"
AFTER_CASE = (
    rf"(?:(?:,?[ ]{{1,2}}(?:at[ ])?(?P<pinpoint>{_PARAGRAPHS}|{_UNITS}){_NO_REPORT})"
    rf"|(?:(?:,[ ]{{1,2}}(?:at[ ])?|[ ]{{1,2}}at[ ])(?P<pages>{_PAGES}){_NO_REPORT}))?"
)


def pinpoint_of(match: re.Match[str]) -> str:
    found = match.groupdict()
    return found.get("pinpoint") or found.get("pages") or ""
