#!/usr/bin/env python3
"""Writes powers.csv: value, exponent and the double nearest to value^exponent, each as the 16 hex digits of its bits.

The reference is Python's decimal with 80 digits; float() of a decimal is rounded correctly. Values: scores of neighbors (cosines less
penalties), some of each size that weights can make, and neighbors of 1; exponents: those that tuning tries, and any others.
"""
import random, struct
from decimal import Decimal, getcontext

getcontext().prec = 80
bits = lambda x: struct.pack(">d", x).hex()
r = random.Random(24)
values = [1.0, 0.5, 2.0, 1 / 3, 1 + 2 ** -50, 1 - 2 ** -50, 1000001.0, 1e-30, 2.0 ** 0.5, 1e-300, 5e-324]
exponents = [1, 2, 3, 4, 8, 50, 0.5, 1.5, 0.25, 2.5, 0.1, 1 / 3, 49.999, 1e-9, 1 + 2 ** -52]
cases = [(v, e) for v in values for e in exponents]
cases += [(r.random(), r.choice([2, 4, 8])) for _ in range(400)]
cases += [(r.random() ** 3, r.uniform(0.01, 10)) for _ in range(1200)]
cases += [(r.uniform(0.9, 1.1), r.uniform(0.01, 50)) for _ in range(200)]
cases += [(r.uniform(0, 1000001), r.uniform(0.01, 50)) for _ in range(200)]
with open("powers.csv", "w") as out:
    for value, exponent in cases:
        power = Decimal(value) ** Decimal(exponent)
        if power >= Decimal(2) ** -1022:
            out.write(f"{bits(value)},{bits(exponent)},{bits(float(power))}\n")
