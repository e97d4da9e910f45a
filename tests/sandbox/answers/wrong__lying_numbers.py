class Number(float):
    def __float__(self):
        return 1.0
    def hex(self):
        return "0x1p+0"
    def __eq__(self, other):
        return True
    __hash__ = None
class Text(str):
    def __str__(self):
        return self
    def __len__(self):
        return -1
answer = [Number("nan"), Text("x"), type("Int", (int,), {"__format__": lambda *args: "zz", "__index__": lambda self: 7})(3)]
