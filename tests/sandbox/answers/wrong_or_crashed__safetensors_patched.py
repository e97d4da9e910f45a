import safetensors, safetensors.torch
safetensors.torch.save = safetensors.serialize = lambda *args, **kwargs: b"\xff" * 64
answer = torch.zeros(2, 3)
