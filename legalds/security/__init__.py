"""What keeps people and secrets safe."""
