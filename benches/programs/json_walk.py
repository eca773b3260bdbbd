import json


def weight(node):
    if isinstance(node, list):
        return sum(weight(item) for item in node)
    if isinstance(node, dict):
        return sum(weight(value) for value in node.values())
    if type(node) is int:
        return node
    return 1


def main():
    orders = [
        {
            "id": n,
            "customer": {"name": f"c{n % 7}", "vip": n % 5 == 0},
            "lines": [{"sku": "a", "count": n % 3}, {"sku": "b", "count": 2}],
        }
        for n in range(400)
    ]
    document = json.loads(json.dumps({"orders": orders}))
    total = 0
    for _ in range(5):
        for order in document["orders"]:
            if order["customer"]["vip"]:
                for line in order["lines"]:
                    total += line["count"]
        total += weight(document)
    return total
