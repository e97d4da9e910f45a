"""One module for each family of mistakes; its  yields the explanations that hold."""
