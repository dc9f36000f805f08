"""Whether two samples are the same, by their text: exactly, or but for names, numbers and some words. Pure."""
