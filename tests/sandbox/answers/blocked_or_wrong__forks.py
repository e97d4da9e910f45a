import os
if (child := os.fork()) == 0:
    os._exit(0)
os.waitpid(child, 0)
answer = x
