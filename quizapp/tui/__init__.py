"""The screens. They call the grader, the session and the store, and decide nothing."""
