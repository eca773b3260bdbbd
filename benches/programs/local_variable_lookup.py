def main():
    p1, p2, p3, p4, p5, p6, p7, p8 = 1, 2, 3, 4, 5, 6, 7, 8
    total = 0
    for _ in range(200000):
        total = total + p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8
    return total
