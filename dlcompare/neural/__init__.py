"""The neural side: sequence-to-sequence networks trained from scratch on the examples.

Where to read: `encoding` turns values into tokens; `model` says what a network is, `transformer`,
`decoder` and `recurrent` are the networks (from `layers`, `positions` and `place_value`), and
`architectures` makes one by kind; `training` is the one loop, `decoding` the generation of answers,
`inspection` the look inside; `options` reads what a user chose, and `learner` is what the
experiment calls.
"""
