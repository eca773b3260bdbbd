def main():
    odd = [1, 3, 5, 7, 9, 11, 13, 15]
    found = 0
    for n in range(100000):
        if n % 16 in odd:
            found += 1
    return found
