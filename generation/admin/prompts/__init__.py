"""The pages of the prompts' wording: its versions, what is sent by them, editing, and trials."""
