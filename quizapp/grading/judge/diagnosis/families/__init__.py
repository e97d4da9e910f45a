"""One module per family of mistakes; docs/diagnosis.md lists the mistakes of each."""
