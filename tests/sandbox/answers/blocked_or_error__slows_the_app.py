import os
os.setpriority(os.PRIO_PROCESS, APP, 19)
answer = x
