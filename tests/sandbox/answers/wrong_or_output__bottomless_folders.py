import os
for _ in range(1500):
    os.mkdir("deeper")
    os.chdir("deeper")
answer = x
