"""An exception with a hostile class, MRO and message."""
class Meta(type):
    __mro__ = property(lambda self: 1 / 0)
class Sly(Exception, metaclass=Meta):
    def __str__(self):
        return "\x1b[2J" * 10_000_000
    __repr__ = __str__
raise Sly
