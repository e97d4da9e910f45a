class Odd(Exception):
    pass
Odd.__name__ = "\x1b[31m[@click=app.quit]Odd"
raise Odd("\ud800\x1b]0;title\x07[red]\u202e")
