"""What comes in and what goes out, declared. No logic, no import of our own code."""
