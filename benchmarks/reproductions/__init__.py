"""Published paired results on quantized models, measured again with the product.

Others' data are not kept here. A module names one publication and quotes its figures; the others
lay its data out as tables, compare them, and write ``docs/reproductions.md``.
"""
