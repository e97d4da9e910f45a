from torch.utils import cpp_extension
cpp_extension.load_inline("planted", "int f() { return 1; }", functions=["f"])
answer = x
