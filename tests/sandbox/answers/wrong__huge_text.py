answer = "x" * 100_000_000
