"""The seconds of the spans in which limits and verdicts are told."""

MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400
