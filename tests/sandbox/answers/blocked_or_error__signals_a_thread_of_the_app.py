import signal
from quizapp.sandbox.jail.escape_attempts import call
call("tgkill", APP, APP, int(signal.SIGUSR1))
answer = x
