"""The wording of prompts: its versions, what is sent by them, and trials of one item."""
