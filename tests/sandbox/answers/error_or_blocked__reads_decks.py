import os, quizapp
root = os.path.dirname(os.path.dirname(quizapp.__file__))
for folder in (root + "/decks", os.path.dirname(quizapp.__file__) + "/shipped"):
    if os.path.exists(folder) and os.listdir(folder):
        answer = x
raise FileNotFoundError("no deck") if "answer" not in globals() else SystemExit
