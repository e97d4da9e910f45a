import signal
from quizapp.sandbox.acts import call
call("tgkill", APP, APP, int(signal.SIGUSR1))
answer = x
