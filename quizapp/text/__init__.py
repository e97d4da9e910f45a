"""Text that both front ends show: escaped, wrapped, and with durations, counts and plurals."""
