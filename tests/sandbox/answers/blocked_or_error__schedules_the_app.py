import os
os.sched_setscheduler(APP, os.SCHED_IDLE, os.sched_param(0))
answer = x
