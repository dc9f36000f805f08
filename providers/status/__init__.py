"""How providers and models are doing, as admin and API show it."""
