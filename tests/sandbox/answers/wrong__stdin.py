import sys
print(repr(sys.__stdin__ and sys.__stdin__.read()))
answer = x
