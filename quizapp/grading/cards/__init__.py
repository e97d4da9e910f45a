"""The kinds of card whose answers are read in the app: choices, orders and predictions."""
