"""Pictures of the admin for the documentation: a stage of made-up data, and a camera."""
