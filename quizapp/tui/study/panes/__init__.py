"""The panes of the study screen that show something."""
