class Circle:
    __slots__ = __match_args__ = ("r",)

    def __init__(self, r):
        self.r = r


class Box:
    __slots__ = __match_args__ = ("w", "h")

    def __init__(self, w, h):
        self.w = w
        self.h = h


class Line:
    __slots__ = __match_args__ = ("length",)

    def __init__(self, length):
        self.length = length


class Dot:
    __slots__ = ()


def area(shape):
    match shape:
        case Circle(r):
            return 3 * r * r
        case Box(w, h):
            return w * h
        case Line(length) if length > 10:
            return 1
        case Line(_):
            return 0
        case _:
            return 0


def rank(n):
    match n:
        case 0:
            return "none"
        case 1:
            return "one"
        case 2 | 3:
            return "few"
        case _:
            return "many"


def main():
    shapes = [Circle(2), Box(3, 4), Line(5), Line(20), Dot()]
    total = 0
    for n in range(30000):
        total += area(shapes[n % 5])
        if rank(n % 6) == "few":
            total += 1
    return total
