"""The numbers of what a vendor's "wait" means: for how long, and for one model or for the whole account."""

from providers.routing.seconds import HOUR_S

LONGEST_S = HOUR_S
"""A vendor that names no time is called at least so often."""
MODEL_KNOWN_FOR_S = 6 * HOUR_S
ACCOUNT_KNOWN_FOR_S = 600.0
"""How long it is believed whose limits refusals are about. Of a full account it is found out anew sooner: believed
wrongly, it keeps models idle that could work."""
