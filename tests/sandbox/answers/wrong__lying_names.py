class Liar:
    pass
Liar.__qualname__ = Liar.__module__ = "torch.Tensor" * 100_000
answer = Liar
