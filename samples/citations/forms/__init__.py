"""How each class of authority is cited: a module each, with ``find``, which yields citations without names of cases."""
