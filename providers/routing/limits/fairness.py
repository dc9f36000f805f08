"""How calls of several batches share the room that all of them wait for: evenly, whoever asks first or more often.

Start-time fair queueing (Goyal, Vin and Cheng, 1996), with calls as the units and batches as the flows.
"""

LEAD = 4
"""A batch may be given so many calls more than the one that was given least of those that wait. Less would leave room
unused until the other one asks again, more would be told apart in the minute."""
