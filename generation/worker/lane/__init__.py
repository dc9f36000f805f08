"""One lane at work on one batch."""
