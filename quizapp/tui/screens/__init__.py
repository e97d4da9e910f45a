"""The screens of the app, apart from the study screen."""
