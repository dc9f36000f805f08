"""How calls of several batches share the room that all of them wait for: evenly, whoever asks first or more often.

After start-time fair queueing (Goyal, Vin and Cheng, 1996), with calls as the units and batches as the flows.
"""

LEAD = 4
"""A batch may be given so many calls more than the one that was given least of those that wait. Less would leave room
unused until the other one asks again; more could be told apart within a minute."""
CREDIT = 60
"""A batch that was away for a short while, as between two lanes, makes up for so many calls at most."""
KNOWN_FOR_S = 90.0
"""What a batch was given is remembered for so long after it waited or was given a call: longer than a minute, whose
limit may have room but once in it."""
