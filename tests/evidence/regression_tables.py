"""Published tables on which regressions are tried."""

import numpy as np

# Longley, Journal of the American Statistical Association 62 (1967), as the NIST Statistical Reference Datasets have
# it: employment, price deflator, GNP, unemployed, armed forces, population, year.
LONGLEY = np.array(
    [
        [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
        [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
        [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
        [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
        [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
        [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
        [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
        [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
        [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
        [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
        [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
        [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
        [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
        [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
        [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
        [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
)

# Duncan's occupations (1961): type, income, education, prestige.
_DUNCAN = """
prof 62 86 82  prof 72 76 83  prof 75 92 90  prof 55 90 76  prof 64 86 90  prof 21 84 87  prof 64 93 93
prof 80 100 90  wc 67 87 52  prof 72 86 88  prof 42 74 57  prof 76 98 89  prof 76 97 97  prof 41 84 59
prof 48 91 73  wc 76 34 38  prof 53 45 76  prof 60 56 81  prof 42 44 45  prof 78 82 92  wc 29 72 39
wc 48 55 34  wc 55 71 41  wc 29 50 16  bc 21 23 33  bc 47 39 53  bc 81 28 67  bc 36 32 57  bc 22 22 26
bc 44 25 29  bc 15 29 10  bc 7 7 15  bc 42 26 19  bc 9 19 10  bc 21 15 13  bc 21 20 24  bc 16 26 20
bc 16 28 7  bc 9 17 3  bc 14 22 16  bc 12 30 6  bc 17 25 11  bc 7 20 8  bc 34 47 41  bc 8 32 10
""".split()
TYPES = ("bc", "prof", "wc")
DUNCAN_TYPE = np.array([TYPES.index(one) for one in _DUNCAN[::4]], np.int32)
DUNCAN_INCOME, DUNCAN_EDUCATION, DUNCAN_PRESTIGE = (np.array(_DUNCAN[at::4], np.float64) for at in (1, 2, 3))
