"""The wording of prompts as a value: its texts, what must stand in them, and how two versions differ. Pure."""
