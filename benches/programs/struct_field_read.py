from dataclasses import dataclass


@dataclass
class Vector:
    dx: int
    dy: int
    dz: int


def main():
    v = Vector(3, 4, 5)
    total = 0
    for _ in range(150000):
        total = total + v.dx + v.dy + v.dz
    return total
