"""What the models are trained on and how; never needed to draw. Torch and pyarrow come with ``mnemicon[train]``.

    sets.py, sets.toml   the allow-list: which sets may be opened     sources.py   the pinned packages
    choose.py            which icons enter, what each shows           describe.py  what each drawing is called
    convert.py           an icon on the 24 px canvas                  corpus/      the training corpus

The first five are what the shipped library is built with too (memory/library/builder).
"""
