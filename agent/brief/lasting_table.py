"""The numbers of ``lasting``: written by ``python -m agent.brief.lasting_train``, not by hand.

Contract. A row of weights for each cue, a weight for each kind in a row; ``VECTOR`` holds signed 8-bit
weights (kinds, dims) in base64, to be multiplied by ``VECTOR_STEP``; ``CANARY_VECTOR`` the vector of
``lasting.CANARY`` alike, of any length.
"""

from __future__ import annotations

KINDS = ("want", "avoid", "once", "question", "other")
CUES_ALONE = (
    (0.967, 0.199, -0.563, -0.068, -0.535),  # all
    (0.220, 0.566, -1.104, 0.558, -0.240),  # the set
    (0.620, 0.286, -0.014, 0.788, -1.680),  # our set
    (0.774, 1.145, -1.594, -0.498, 0.174),  # we
    (0.100, 0.330, -0.388, -0.573, 0.531),  # our
    (0.000, 0.000, 0.000, 0.000, 0.000),  # i
    (1.040, 0.511, -0.644, -0.370, -0.537),  # policy
    (1.078, -0.463, -0.036, -0.322, -0.256),  # keep
    (0.165, 0.479, 0.256, -0.509, -0.391),  # taste
    (-1.149, 2.681, -0.563, -0.516, -0.453),  # distaste
    (0.111, -0.079, 0.259, 0.099, -0.389),  # must
    (0.771, 0.237, -0.696, 0.014, -0.327),  # lasting
    (1.242, -0.653, 0.191, -0.236, -0.544),  # only
    (-1.222, 2.326, -0.054, -0.245, -0.804),  # no
    (-0.197, -0.610, 1.444, -0.760, 0.123),  # this
    (-0.577, -0.480, 1.059, -0.266, 0.263),  # now
    (-0.319, -0.091, 0.359, 0.114, -0.063),  # more
    (-0.708, -0.883, -0.679, 3.616, -1.346),  # asks
    (-0.837, -0.730, 1.042, 0.876, -0.351),  # asks me
    (-0.495, 0.272, 1.874, -0.470, -1.180),  # draw
    (0.434, -1.081, 1.178, -1.119, 0.589),  # a thing
    (-0.584, 0.160, -1.288, -0.205, 1.916),  # was
    (-0.610, -1.154, 0.223, 1.151, 0.390),  # if
    (-1.365, -0.463, 0.602, -0.747, 1.972),  # others
    (-0.161, -0.386, 0.570, -0.227, 0.205),  # place
    (-0.073, 2.180, -1.442, 0.019, -0.683),  # plural
    (-0.884, -0.319, 1.343, -0.977, 0.837),  # all of a thing
    (0.347, -0.307, 0.729, -0.270, -0.498),  # of a thing
    (1.469, -0.561, -0.468, -0.205, -0.235),  # label
)
BIAS_ALONE = (0.548, -2.226, 1.032, -0.237, 0.882)
CUES_BESIDE = (
    (0.778, 0.061, -0.378, 0.038, -0.498),  # all
    (0.173, 0.341, -0.842, 0.598, -0.270),  # the set
    (0.516, 0.422, -0.005, 0.491, -1.424),  # our set
    (0.603, 0.810, -1.266, -0.255, 0.107),  # we
    (0.043, 0.244, -0.394, -0.206, 0.314),  # our
    (0.000, 0.000, 0.000, 0.000, 0.000),  # i
    (0.761, 0.299, -0.325, -0.309, -0.425),  # policy
    (0.917, -0.497, -0.113, -0.231, -0.076),  # keep
    (0.357, 0.343, 0.103, -0.453, -0.350),  # taste
    (-1.082, 2.056, -0.386, -0.312, -0.277),  # distaste
    (-0.047, -0.261, 0.376, 0.111, -0.180),  # must
    (0.624, 0.182, -0.325, -0.191, -0.290),  # lasting
    (1.083, -0.595, 0.037, -0.129, -0.396),  # only
    (-0.923, 1.807, -0.009, -0.266, -0.609),  # no
    (-0.152, -0.583, 1.332, -0.669, 0.072),  # this
    (-0.457, -0.359, 0.874, -0.150, 0.093),  # now
    (-0.312, -0.120, 0.447, 0.056, -0.071),  # more
    (-0.841, -0.653, -0.348, 3.172, -1.330),  # asks
    (-0.519, -0.452, 0.838, 0.394, -0.261),  # asks me
    (-0.208, 0.211, 0.865, -0.227, -0.641),  # draw
    (0.508, -0.658, 0.518, -0.730, 0.362),  # a thing
    (-0.344, -0.006, -1.081, -0.097, 1.527),  # was
    (-0.360, -0.899, -0.026, 0.355, 0.930),  # if
    (-1.219, -0.286, 0.088, -0.520, 1.937),  # others
    (-0.155, -0.236, 0.441, -0.081, 0.030),  # place
    (-0.131, 1.420, -0.829, 0.076, -0.536),  # plural
    (-0.745, -0.370, 0.962, -0.626, 0.779),  # all of a thing
    (0.211, -0.254, 0.531, -0.120, -0.367),  # of a thing
    (1.021, -0.517, -0.158, -0.145, -0.201),  # label
)
BIAS_BESIDE = (0.302, -2.217, 0.650, -0.166, 1.431)
VECTOR_STEP = 0.01198624
VECTOR = (
    "JbHM5v8ZWC4EDiuwIdoPCRz4DeIt4QzQyflX5lmm2t8o9w9hx8veGBEfItkjSPgx1R/M/qBhDigo9Ar2EA7gFvYqIz2E6QTayUMm8w3AKg47"
    "VNsNOPn7ISgk2dzFDCgYJ/4GEwC+Hin98+bhCNAh67MeDP3x9USbHEbi6eXt/QD480FzlgnSAN8XFS3Wa+7pIyr55hG23f3Qn87fpgf8Jh61"
    "7fXH6iIE4h/m4BQ04fP8H9nWROoC1LoR4gsE6CXzJCnf0hLt3wQaWOwWA+n9DIEntfQjEEm0+Cj/C/kl3gDOzjRGBNcOzPllzfPP9tv668cL"
    "HR8SIQE5FQPbFB7y4KHP99H8AOpa7ufhDOTlNwviBxAfQSLwK/783S0Y0f0k8gkl+/QE4PP+++bWR78VJevmLzS/5TcUSQj0GL7U8QDKyv4f"
    "DkHynwb2KREQ4D3u/B7P2f3qINnm1Sn5/CgzGRHUIyQA/jI5+AoaGd4kB0ABBf/KFRDx/f8oEsYdFgfl9RNHI0L738YN2rL078/kA6fQuCni"
    "Afg2DB/94Lbqy/j04PYEzyoH3BEUCfcxKRCuFu8XGgAsAuARMRoK38Yfzcz+1QoDfRX/3yEtIAXxLRMj1hseGfQA8yry5/RiQw7k5Sy+OSf1"
    "9SsFKA0SASH3K/bczgBB9vEGsgPxDPfRwADkBubEASYA/kBOOQ7wrS8EPPkG8wsQ5vC7QO0CCAToDjYB5ycQC/PsAf3TESsQYQ7V7fMyGgzU"
    "7A3n6Oc7A+rr5dwUBtbH/gzoBArIGSwrxhj7+/g8zycbCxT18u8S9QDkGtu+7Q8wPknEH+gb7enTABbs6Po58R7XFuoOHRLzLdX1/x/gL+3T"
    "5P3o/RTv9yARJvT+5/vv/hsOHxUBBrceOkIAMyLiyCrV1RD7rSj4ulkUGSoLKvPz3swNrkBH2gD9EfzkF+CrWw0duSEU9hML0w/s+NkR2eAt"
    "/Aj3BRLhBP7ywhMlFMgO1SoVBr8BFjftExsM/RoF4fIo8gsTxwHuCTDbJugHFgrwHDbq1wWxKcgo+PoVISU50ymvINTcRsroOPWDAvZM6ATt"
    "1Se13PYyRxnv9f3W6RXkAecHOhIdFSrW2t4QEj4f3sHMgQ4JCl/TBsT94UIXF9T44tsw/5wQIaHyDfwO+OXKEQX33P32vvES+AzA+yIsTaD0"
    "OgIIDwAP8ADEfBoeDq4b3vf94N7c4QEwweEg7f1LCDn0HBUL8cgx89re/wIV9b4OFxbDNBk4KiwNFAXb6icI5RRFuxXWDb3aukMv8A5Q7NQg"
    "6wvc9NvKNSbhAOoM1PjFKia9VAAj5N8T7F0NvJrY1B5mFx9uAQItLRsc0kTa6gUJ6PMF0mUApQk7GC4GBOsl6AkJCfgZFeeo3hkuO7rPGuf7"
    "LFVE2r0r5ukBOkAr8Akp/Pw57soJDd0b0+AgFebkLxHqEgAk26IkJBBG7d3QGtf2TNoAvw0hHwUPPCHWJMgtNgH+0PTT/uuYGdMEYALR5ykC"
    "wJz3FykCCAciRRAFAUhNSOkP7yzh5Ob24wXuDtFNEisnF0RJGyX92cHrFOkKCvRLGgcZ5+4HRQ3XD/jzzRfpxfXrrdsy+z3SEOrZyev93Cok"
    "DyzuJ7E02ff6TM6vHvQexeYH+yjazvjz79AAPU8RzAkH2eHwxP0zzbMY4Q0HIgsDBybmPMoC7/UTIfUs/iTv6gD/I/fg9O0O5SWd49w8CSdq"
    "5OQKEwrTIgcN0/k4KdnrybAJBgQKKQ3tHSIZKdD55dnS5CYIuepOTf72Lt/C6Bod8jEqO/IQLPzJ0jD3CvQoMVAq9gkKEf0pBvcd7vr90QAV"
    "KBPx8vPrzNrkDCq+6xLd1vb12dS39tIM/QwO9wtIFlgoNBbpBB4I/Bf4+toOEhEK9Qoz7QQGz+YY4erm9iCS/fjo8AXyXa/rXhf+Uf/XGrkN"
    "7NDw+un25igpGxfjJwD/ITYgk/4C3PgzGwrJBMUWXsoYQk8qqBvmEgPuwdX2BQhKHqX8+Pv3GfUhDBry8+f56sUJAOYEBfEB1/vevRbh7+Ay"
    "7fDu0P0R7xwkBic2tDHGJ9beJBXXRNfzECpK+ljjChkRIwj3FeLtM/MO7g0EIf78+CbM9/oLEQn8+/DA+ekVBio0r7MOLg0yTu0o2prI1h/+"
    "Adr75gnzIQaY5iTt+VRa4uEMKBUd8voP+QbvJT8O8i0MK7MgxCIM0f1LSgAW9OIk+ckCEA7j8fIB/t/N3PjHU/lHLg8dRhPzDQgmEjQQMwdB"
    "49wOCwQfz9sApA4k5uHk1RsBCRQKIhq6csEv+AwJMuQNB+bl5gcM7+zTCTvqJeS2Ean8I9Up6vgPCAAWDf/4McnLbkocNN7yGwvoPivn9fji"
    "JswK7QIB8NPOCs4VMfEAtN3ELxsaFSUVt83qyQsIDcbuzEcPCu0FB9bp/gDH/PwowvUX4+oIvx7kGDnwwPQrJA/j3R/y8doZ+wAWKS65JNIc"
    "PRjp6ewc2RHyFP0LztXLIwox+AP1B/D4DfUe/zlG3ji+u9bf7iDoMAYh5/kf5urk2A6pJOykHvk9"
)
CANARY_VECTOR = (
    "+THm9SjOOwsy9Ar/+vAtspfW9gvV5SQi8kzsHw3cx/YdBd4PUFMt8v8GTjcGG8ro4x4ws9nK3/QQ304/5NsGN+D6EtPR1RvtuOXe+vT3DUu/"
    "4xMrFCLglsjy+BM/PNjiEg+8ZxfQSME4NCKcGQwG19zo2eLk2xXB3ejXwPEsvADPSe8S+v7pzPfDOCfp9EqlahargdTqIwLpTBIBHiM5UBgg"
    "xgrk9wIaAt7BCBQ+Te7wvAgCse8oCgoe4tMN+jjp9DcfEAfxLQAgRdv5OwP1J+YU8dItsTfpDdzc+Qw3jQDv+8QUHfkdIewPIheW8R35Xjju"
    "t/i/xiESLOKsFATP6Qv0Gt/0zgUc/sRDUfiZKPu4JDAO//O0IO02KPIGssYECBH/9+EwLQ7s2vr7NBry/vYFAFkdzxUI6kcrJEleLwAZ9Akm"
    "HzXDzvHg1Ca1CCkUvG/0+eIyLfCVFtBK9QTvFhu+Ef/2/Pv+MKL8FeJEE2T19+ruFEDpDDYhDx8U//UF"
)
