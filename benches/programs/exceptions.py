class Refused(Exception):
    def __init__(self, code, reason):
        self.code = code
        self.reason = reason


def risky(n):
    if n % 3 == 0:
        raise Refused(n % 7, "third")
    return n


def main():
    total = 0
    closed = 0
    for n in range(30000):
        try:
            total += risky(n)
        except Refused as e:
            total += e.code
        finally:
            closed += 1
    return total + closed
