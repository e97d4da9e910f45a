# confined only
import os, quizapp
open(os.path.dirname(quizapp.__file__) + "/__pycache__/planted.pyc", "wb").close()
answer = x
