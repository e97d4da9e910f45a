import os
print(os.listdir(HOME))
answer = x
