def main():
    lines = [f"row {n}, alpha beta ,gamma delta alpha,  {n % 13} " for n in range(2000)]
    text = "\n".join(lines)
    counts = {}
    size = 0
    for line in text.split("\n"):
        for field in line.split(","):
            for word in field.strip().split(" "):
                counts[word] = counts.get(word, 0) + 1
                size += len(word)
    return size + counts["alpha"] + len(counts)
