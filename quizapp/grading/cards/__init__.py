"""Card kinds that are graded in the app: choices, orders and predictions."""
