"""The neural side: a sequence-to-sequence Transformer trained from scratch on the examples.

Where to read: `encoding` turns values into tokens, `transformer` is the model (from `layers` and
`positions`), `training` the one loop, `decoding` the generation of answers, `learner` what the
experiment calls.
"""
