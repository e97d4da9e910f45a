"""`python -m quizapp` is `ptquiz`."""

from quizapp.cli import main

main()
