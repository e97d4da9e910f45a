"""One module per family of mistakes; its `explain` functions yield the explanations that hold."""
