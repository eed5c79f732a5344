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
    (0.636, 0.054, -0.363, 0.042, -0.369),  # all
    (0.182, 0.265, -0.698, 0.494, -0.243),  # the set
    (0.473, 0.436, -0.075, 0.360, -1.194),  # our set
    (0.481, 0.568, -1.016, -0.190, 0.156),  # we
    (0.018, 0.222, -0.381, -0.001, 0.142),  # our
    (0.000, 0.000, 0.000, 0.000, 0.000),  # i
    (0.554, 0.135, -0.207, -0.218, -0.265),  # policy
    (0.813, -0.447, -0.154, -0.162, -0.049),  # keep
    (0.428, 0.239, 0.065, -0.344, -0.389),  # taste
    (-0.992, 1.646, -0.308, -0.182, -0.164),  # distaste
    (-0.106, -0.246, 0.381, 0.104, -0.133),  # must
    (0.472, 0.105, -0.181, -0.145, -0.250),  # lasting
    (0.952, -0.585, 0.003, -0.064, -0.306),  # only
    (-0.713, 1.424, 0.029, -0.247, -0.493),  # no
    (-0.117, -0.497, 1.212, -0.562, -0.036),  # this
    (-0.353, -0.245, 0.697, -0.087, -0.012),  # now
    (-0.258, -0.139, 0.358, 0.075, -0.037),  # more
    (-0.955, -0.532, -0.311, 3.002, -1.204),  # asks
    (-0.286, -0.346, 0.636, 0.145, -0.149),  # asks me
    (-0.111, 0.133, 0.520, -0.119, -0.423),  # draw
    (0.495, -0.442, 0.245, -0.497, 0.199),  # a thing
    (-0.259, -0.062, -0.932, -0.021, 1.274),  # was
    (-0.289, -0.742, -0.048, 0.056, 1.023),  # if
    (-1.106, -0.178, -0.124, -0.364, 1.772),  # others
    (-0.155, -0.128, 0.298, -0.042, 0.028),  # place
    (-0.051, 0.875, -0.485, 0.015, -0.354),  # plural
    (-0.672, -0.386, 0.761, -0.423, 0.720),  # all of a thing
    (0.182, -0.198, 0.405, -0.076, -0.313),  # of a thing
    (0.751, -0.400, -0.102, -0.115, -0.135),  # label
)
BIAS_BESIDE = (0.265, -2.563, 0.227, 0.186, 1.885)
VECTOR_STEP = 0.02322570
VECTOR = (
    "K7HG7hAmTzT+GyfDK9USCh3yGtQn3wvTuPdY5WCl6Nsz9iRTwsK+GAsxJcwTSvsi3BvYCqNZBCcrAQz/DxrfF/E1IzWV6gvtxj8t9AiyNRs/"
    "WsUNNuz8Ji0YzN3VHSoUKvoNA/LHFSX/AebW9ss948YiAgn170CbKzvq7O7tGQAF7EF9rgjpC9ITGCfOcvntKTX/6BWl1QO9mcXmpw7pKCO/"
    "7fHA7xwB3CPt3g8uye8DH9ngR/H0zK4H5xQG8DDtMDPh0vnu6AgUXusqA98I8IsWtfslEEbE6joIDwIe5QDHzDU7/uEBvfFj0+LPCtT48bwN"
    "JhQMHwQ1EQfVGyL355/E8NH29+xe693ZDNzqQBTcCxQpQx3rHvP83CwowAMT8RY48QIJ7+8FFPbfTL0VKuH2PSXM2z4EQyT7H7bS/QDVw+8u"
    "FTgIoRD1Jg4N2SrnExa+2v/kHtrYyyPw/S0zChPPLBv4/i4u+g8UD9gf+DMF/PbMBQX4/PodAKsjH/nq5xM+Fi75z7kK27D09tXXAqHgtDfo"
    "8Pg/Ehn+3Kznvur60esQzyoO2BYWCPw/LBOqBfAVGv1HAtb8JCH/6MAnxMUEygEJfBrx4ycgJxnxHwUbyB8iEu78Ax363vtrLAvn6Sq/PTT9"
    "9C8EHwoXGSzsNO7azuJT7voGrf78BvLDsQDgF+eu/ygE/FRmPSP2qz8NNv0J+P0R7O3DOvUECv7xBzP/5i0CBQD3DALMHCsCbRbR8PUwEP3Y"
    "8yHh7uUxBOnl594S++K69BHxAAvCHCcw1hD7+PxAzR8UAgfo9OwU7QDnGt668BA9QUq2F/Ul69fUDRTz4vlK8STXGuAMERf4K+r58B/nN/fE"
    "4QXrBRTn5zIUIPAB3//6/ioWIhz6/7MmOE4EMiDb2yfW3Q70rS7yrl0ZFzYAKPHs1MYOsEFJ0wABIBLe/N6oWggbrx8QBBAJwxDpBOAe2+k4"
    "DQbz/hDcBwftvgsrJrUY1i4SCNAJES/kHSkG/xb66Oog/w4ZtQrqBC7eJOwIGg/xEjLg1f65Idck/voVExcw6SG9KMvUSObjLe6QBgBB5Qrx"
    "3R683PlGQyb48/7R8yDjAdwNNBEYGjPV49MIFToa48PGiPwWB1ztCdHp70gdAdcI8/MlBZUMGavzFPYCBe7MAA/52vbyxO0IBQW+/x46UKfu"
    "LQf/EAAQ5Q3DbiEP+rYR5ukA1Nv52wEgzeQm8fw1Bj/7EBYL8cUk/eH1DQQU6r4UHhXVOyE0KyMQChjr9SAG4ARUvQ/Y+sfjxEYp8ARE+ccV"
    "9g7d+tvaOyHcA/oF4vbQIC3DPgAd09EV5FULvaHZ9BlVHSh19xQnNCQH3TfX8AIQ6P0V4VoCsgs5FCwPAO0g6g0RDuAGIOKi6BIiQrzREvf0"
    "P0s/78gi8vH/Jx8T6wEZ6fQr8r8JC+EE8NYpFOHnIwb3FgAl26wlHQxH5d7hE9//QeT5uwgZEAAPOiLWLsU5MAUA4fbf6eKiGdP6S/Ld6i4B"
    "1q3zBSEIERksSRYVBkdUSvsD8yLh8Ob38gvwBs5DCyQdHzZAEhcG48DvHfsF//JNHAEe8PsHQQLiDvfwxhfjy+ftuN0u/jrRFt3kzPH+2Cgm"
    "DBHnLMcr0vbzTcqzD/MYxOUA9CX00v/08tv9PEME2wwJ3eLyygAv1rAY5wsEKgUD/SHhQc0B7vgPKfoeAx385QAFH/j15ucI5SKl3dg1ChVU"
    "5NULEgreIAEQ6PI4J9v30rMEAAgJJg7qGx0VHNH73Nro9B4BuPA9Pff/Kd/P3BYg9h0oPQEWJwPXzzv7AfgXMUwv+A4NFvYoB/cd7/z+zQAf"
    "NhDm8e7qxdzkAyjH3xfP2e/52Na2BckY/hYQ+Q5IE1wwNR3uCxwC/B36+dcZBx0J9gww6gYH2eAV2+vmAxSc9fvn7wLzVL3yUxADR/DeFcYH"
    "7Nby++397R0kFBPpHwD3IR0XnvX28/wmFg7H/dUaW98gM1kcsg3pCQL1ytf5Bwg4HsL67wT7E/MpAAn+9fkF5sEJBdr39+3/3f/Mxw/m9u09"
    "5/Di1vkY8iom/zVBszXKIuTWOifQMNToGjZT91XSHAcFKBEQHd7YMAMO5BIBJPLt6yi98QYRDgb3/u29/gcKAzEvsqsUKA06TfAv4p+54ib0"
    "99/45APqJ/KX2Crw9k9P4uULHA8Z+vUX7A7jJz4c6UP6NrEWryYN3v1VQQAH+dMd/8n8GQPS6PUHBde54vjNQQBGLRM8PhXiFwQkDzEaMPpA"
    "2NELEwAezOABtP8P0vLf5wsMDxoTIyOmc8M2+QsBMt4ZDeDg2ggE6vTUDj7mIdqyCqv6K9Mj7ukMIwAWEQ0QPMzOf0kqH+fwEBbvMizh7Pjs"
    "DtkE5wH+9Ly1+cAROef8s9XNOBMiDSwFw70Bvw0EDM3xyUcIFdYE/+rs89i6/ewquw4g0esS1jHvHz3gte8+Eg/p6Rns+u8G+gAPITe3NOkU"
    "LA3oAuYd5g3+FPQg38jTGw4x8g/vC+j4B+ktDzZB1UXF0d7V/yDZLPgf/f8d5vLr3BmwHgGjG/RD"
)
CANARY_VECTOR = (
    "+THm9SjOOwsy9Ar/+vAtspfW9gvV5SQi8kzsHw3cx/YdBd4PUFMt8v8GTjcGG8ro4x4ws9nK3/QQ304/5NsGN+D6EtPR1RvtuOXe+vT3DUu/"
    "4xMrFCLglsjy+BM/PNjiEg+8ZxfQSME4NCKcGQwG19zo2eLk2xXB3ejXwPEsvADPSe8S+v7pzPfDOCfp9EqlahargdTqIwLpTBIBHiM5UBgg"
    "xgrk9wIaAt7BCBQ+Te7wvAgCse8oCgoe4tMN+jjp9DcfEAfxLQAgRdv5OwP1J+YU8dItsTfpDdzc+Qw3jQDv+8QUHfkdIewPIheW8R35Xjju"
    "t/i/xiESLOKsFATP6Qv0Gt/0zgUc/sRDUfiZKPu4JDAO//O0IO02KPIGssYECBH/9+EwLQ7s2vr7NBry/vYFAFkdzxUI6kcrJEleLwAZ9Akm"
    "HzXDzvHg1Ca1CCkUvG/0+eIyLfCVFtBK9QTvFhu+Ef/2/Pv+MKL8FeJEE2T19+ruFEDpDDYhDx8U//UF"
)
