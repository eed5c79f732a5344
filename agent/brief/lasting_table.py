"""The numbers of ``lasting``: written by ``python -m agent.brief.lasting_train``, not by hand.

Contract. A row of weights for each cue, a weight for each kind in a row; ``VECTOR`` holds signed 8-bit
weights (kinds, dims) in base64, to be multiplied by ``VECTOR_STEP``; ``CANARY_VECTOR`` the vector of
``lasting.CANARY`` alike, of any length.
"""

from __future__ import annotations

KINDS = ("want", "avoid", "once", "question", "other")
CUES_ALONE = (
    (1.554, 0.829, -1.606, -0.538, -0.238),  # all
    (0.030, 0.459, -0.992, 0.781, -0.279),  # the set
    (1.182, 0.091, -0.171, 0.342, -1.445),  # our set
    (0.968, 0.829, -1.465, -0.509, 0.177),  # we
    (0.031, 0.375, -0.149, -0.255, -0.001),  # our
    (0.000, 0.000, 0.000, 0.000, 0.000),  # i
    (1.257, 0.398, -0.708, -0.200, -0.747),  # policy
    (1.144, -0.341, -0.523, -0.167, -0.112),  # keep
    (0.180, 0.190, 0.127, -0.165, -0.332),  # taste
    (-1.431, 3.096, -0.658, -0.423, -0.585),  # distaste
    (0.139, -0.072, 0.085, 0.453, -0.605),  # must
    (1.084, 0.110, -0.879, 0.112, -0.428),  # lasting
    (0.915, -0.720, 0.200, -0.080, -0.315),  # only
    (-1.247, 2.374, 0.049, -0.620, -0.555),  # no
    (-0.286, -1.012, 1.530, -0.383, 0.150),  # this
    (-0.391, -0.278, 0.845, -0.171, -0.006),  # now
    (-0.128, -0.054, 0.322, -0.085, -0.055),  # more
    (-1.461, -1.084, -0.333, 4.363, -1.485),  # asks
    (-0.933, -0.737, 1.177, 1.001, -0.508),  # asks me
    (-0.335, -0.392, 2.156, -0.346, -1.082),  # draw
    (0.282, -0.943, 1.392, -1.141, 0.411),  # a thing
    (-0.799, -0.008, -1.123, 0.013, 1.917),  # was
    (-1.620, -1.118, 0.432, 1.764, 0.542),  # if
    (-1.464, -0.860, 0.857, -0.607, 2.074),  # others
    (-0.637, -0.085, 0.919, -0.112, -0.084),  # place
    (-0.097, 1.747, -1.152, 0.174, -0.672),  # plural
    (1.139, -0.320, -0.277, -0.174, -0.369),  # label
)
BIAS_ALONE = (0.636, -1.824, 0.930, -0.912, 1.170)
CUES_BESIDE = (
    (1.438, 0.456, -1.156, -0.426, -0.311),  # all
    (0.160, 0.493, -0.649, 0.394, -0.398),  # the set
    (0.827, 0.230, -0.093, 0.255, -1.219),  # our set
    (0.772, 0.532, -1.051, -0.349, 0.096),  # we
    (0.100, 0.217, -0.108, -0.101, -0.108),  # our
    (0.000, 0.000, 0.000, 0.000, 0.000),  # i
    (1.005, 0.216, -0.366, -0.211, -0.645),  # policy
    (0.898, -0.371, -0.328, -0.108, -0.092),  # keep
    (0.341, 0.145, 0.103, -0.159, -0.428),  # taste
    (-1.340, 2.524, -0.457, -0.288, -0.439),  # distaste
    (0.103, -0.153, 0.010, 0.341, -0.301),  # must
    (0.821, 0.098, -0.424, -0.084, -0.411),  # lasting
    (0.703, -0.513, 0.162, -0.090, -0.262),  # only
    (-0.993, 2.028, 0.036, -0.539, -0.532),  # no
    (-0.233, -0.898, 1.526, -0.419, 0.024),  # this
    (-0.261, -0.222, 0.698, -0.100, -0.114),  # now
    (-0.154, -0.105, 0.356, -0.083, -0.013),  # more
    (-1.289, -0.739, -0.131, 3.668, -1.508),  # asks
    (-0.538, -0.442, 0.949, 0.368, -0.337),  # asks me
    (0.073, -0.276, 1.053, -0.230, -0.620),  # draw
    (0.366, -0.639, 0.859, -0.783, 0.198),  # a thing
    (-0.545, -0.070, -0.909, 0.048, 1.475),  # was
    (-1.343, -0.862, 0.095, 1.099, 1.011),  # if
    (-1.318, -0.545, 0.198, -0.423, 2.087),  # others
    (-0.430, -0.052, 0.725, -0.071, -0.172),  # place
    (-0.087, 1.132, -0.643, 0.155, -0.557),  # plural
    (0.707, -0.242, -0.097, -0.144, -0.223),  # label
)
BIAS_BESIDE = (0.382, -2.072, 0.274, -0.338, 1.754)
VECTOR_STEP = 0.01300891
VECTOR = (
    "I8324Q8fZC8WEh61EQXsEScCAu4O5u7p3xVJ3yXb9PoUDOlS2eDoBP8LGO01Pg463v/W8MwuDx0B5hrqCuzmLQ8QICCf5hXf5UQXDxHHO/xI"
    "NwAKROsTCwon7d7tCxooJ84HEgMACBQC9uHXMvsE95ghGOEGCza5GjHv5v0S5gD8HDJYhvze9/EbAUnSUQz+6hjjCgbdCg3Ygcf3wv0ODCOr"
    "8f/m4TH97jPk6gwz4PrjGtvQIPn23rz+4RUP7RPu6xDx3hf86g3/QO8Q++IIJcca5uAHDC7N4PooCBog6wDbtTM2Er702Ak58+f9+N8I/NYb"
    "FDYfEuMvFg/h5PYL5NsADwgKBvNDCero/fD58Qv5/QAZRT/2F+0U8SAP6g0E8AwG3AXlCdbe5+nkJ8AMKe7yLSPP9RsPMw3a/7LU+wDOwOwW"
    "8jDc1wX7JTgQ2Cr13xTR8AAMGcjgBBcA9Bw0+PfgAhwE7kE6794bD+0L9TH07xLd+xcE6fhEBeAJ7QwB9xE3CzHxwtT28LkM7r/rG7/w0RPX"
    "+P0j7wL67Mbi8RIAzBrs3y4E9xIPFwAtDv26KewEEw4t7dMCFBsI9+gYz+X42xD+ZPsM4xwfGv3yL/Po1hYA//8FCSz34gI0Jeb53SrfISr/"
    "9AX5Jx04AhESOwz68B8d2/gK0RUAGQjW3gDsFwXtLSL3+iE3J/35vBgJTvMGBgT81//IM/UeBQnoDxkX6yb2FfYC5QX+CgsDR/T+DvFEEwzv"
    "9QPuFPgP7vHs5+cMGMfm/ffu+wvDFSglyQseB/dExQYhFhPd5PUM3ADxL+yx5BMfLT3IJ+H56PHAAxDj5fMcDjzeDccpJyPcEtLoD+vcLA7k"
    "5AvmDQ7rFwsALev07/fe9SAACQAAA7oIOikIMB7z1gq77xD82QAJ3VX9Gx4HH/sH2OwRziQr6QDxBAEGDtTcMgoU5AEUDB/v5iTW/+gS6ege"
    "CgH0Df7t/gMI0gomGNr91y4Y/9z79THqBQv8DxIK1f8B4v4W2QHbCSLPMQEJHg0AFzXz2xXQMNAiAgwpLDMxuxG1EuP6ROLtMvWb9QNE9Q/r"
    "2A65zQMgNgfn9vre4SvtHvEDLwgZBCrl5eIOF1Ma0rrSpBcdA2PKDcwR1kQUA8L+5Okp+rH/ELn8+/cF5QHhE/zry/0KwQn39QLJExYuO57j"
    "I+jvDwAF7+u2bxIoE6gL5eH45NvN8QwgxeUF5PE7EjvaGxkF6dFC8ujcA/wR9sLxGhbAQ/ctIjAQKuzu7jwI5RUn0g/WIsHpyTkT/BpD/9sd"
    "9BH18N3DHhjeBv4Q4P7HMBm0TQAs+toP71E5wprhwSJXFRtm9gYVK/oZyT3f8xAD+uf832L6nwQXEBsLAuAh7vX/EAUxFwDV1zUtMsHHFuQR"
    "CE464r8h6OQBTFxG+xoqDA0i4tYYBeAi1NoOGNTlJyX9FgAoz9gpIR4p1+LW+dj4Sc723OwhIvgYHzTfEM4kLO784erIG/KlFtoPYxbP9iXx"
    "yK3lLDQEBwcfRv8N4kxBL/L+7w3p5+gT4fD8BcssGg81+CEx+SYH5cziKPIL/vUm/+cJAfsSKQzbFfH+0hfx5/byyQASCxjQFfX02NQR4Bwm"
    "DSnsHOAg5vjrL97oF/Ybw+kR/wn61+XhEgTuLjAf5g3+BfT92gcU7ssh7gb9Der+8i3vJ+wG6fnyFfks9CME9gAR/v303/wE8CDO99QvGRk+"
    "5+gSAQjID+4U3gMaD9vp8uD2FuERIxPvDwYiD+QD4P3L+xP05/o4IvbwGdfb9BAoBSwWIhgLGP3S2xkLDRELGhgh/RQVFgoOFvgJ+uD/5wD6"
    "HxX77/vtxv0OBh7n5gLj5g30+eC589f8DhH+AfxSDjQNLRD/8w0V9gXvA+4I8gTx4wIq+/UR1QYSBvPq/RWwCfkCDwj9F8UANQT/LQbm/tL+"
    "8d/0FO7x9xccDxjsEgD5Ig8ItgPz8Qsa8w7c794jUsokGD4GvwX0FRXs3QjxCBIrGqTx+u3zDwwMCQcICuMP08L7Ct3WAQkNA/nm2gzi7/Mb"
    "/NjU2gD44ykgDRclqyi7Ms3rERbhT+b9JDwj2Sr29g0UKeP1+/D+Ju/1//z6+w0t/RT3DfEcEAj57wjD87gmAw41uaYQNwkQHOQP0MX25xXr"
    "Ee3z2AT2HwaX8ELj6Foh+NToMRsD4v8I9AziGyf/3BIPHcMexSIB6/AkNwAC4OER/tT/CybV/QUP9unt8AHmKQpbLBURWwb3DwYbChMGHBI3"
    "5MoBKAAL4u8Ith4nu/HpvRT1HQ8bDAfgXt4oBx0EH9AABuX+6xEF8NTSCDnj9/7BE8T0FP0q6/ghBgAOA/EPLePHdCMQH/nMJRLvJQf54v3z"
    "JM0Y3Aj2+gXLHr4SFvkEyte4HCUiBB8V9eHl3BT1+qDv7iwS6gr1DtYL6xPO/fApv/8h+er3xi3iGhX7wgAVBSLq5hwU/uwY8wAgTC2zKdsr"
    "MAMBC+EJ5AsDDhEU1+LEIBcuzgX89vDxIgsl90RA6h7HyNLx8gsBRQ0tDe4o5PP++gCgNN66MfVD"
)
CANARY_VECTOR = (
    "+THm9SjOOwsy9Ar/+vAtspfW9gvV5SQi8kzsHw3cx/YdBd4PUFMt8v8GTjcGG8ro4x4ws9nK3/QQ304/5NsGN+D6EtPR1RvtuOXe+vT3DUu/"
    "4xMrFCLglsjy+BM/PNjiEg+8ZxfQSME4NCKcGQwG19zo2eLk2xXB3ejXwPEsvADPSe8S+v7pzPfDOCfp9EqlahargdTqIwLpTBIBHiM5UBgg"
    "xgrk9wIaAt7BCBQ+Te7wvAgCse8oCgoe4tMN+jjp9DcfEAfxLQAgRdv5OwP1J+YU8dItsTfpDdzc+Qw3jQDv+8QUHfkdIewPIheW8R35Xjju"
    "t/i/xiESLOKsFATP6Qv0Gt/0zgUc/sRDUfiZKPu4JDAO//O0IO02KPIGssYECBH/9+EwLQ7s2vr7NBry/vYFAFkdzxUI6kcrJEleLwAZ9Akm"
    "HzXDzvHg1Ca1CCkUvG/0+eIyLfCVFtBK9QTvFhu+Ef/2/Pv+MKL8FeJEE2T19+ruFEDpDDYhDx8U//UF"
)
