import os
os.sched_setaffinity(APP, {0})
answer = x
