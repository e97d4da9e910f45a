"""Changes of programs, and what they prove."""
