"""A class with a forged MRO that claims to derive from a tensor."""
class Meta(type):
    __mro__ = (torch.Tensor,)
class Liar(metaclass=Meta):
    layout, device, dtype, is_nested, is_quantized, requires_grad = torch.strided, torch.device("cpu"), torch.float32, False, False, False
    shape = (2, 3)
    def __getattr__(self, name):
        return lambda *args, **kwargs: self
answer = Liar()
