"""The panes of the study screen that show text: everything but the answer."""
