"""The parts of tools/real-input."""
