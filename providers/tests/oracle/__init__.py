"""The rules of the shared store once more, in Python and in one process, on a clock of the test's own.

No product code runs this. It is what the scripts are compared with (``test_store_histories.py``), and the store of
tests in which a loop's time jumps from one wait to the next. One module for each script.
"""
