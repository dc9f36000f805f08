"""Whole fleets on a virtual clock: the real lanes' parts, gateways and policy over the oracle, against vendors that
count on their own. Nothing here knows how the policy counts."""
