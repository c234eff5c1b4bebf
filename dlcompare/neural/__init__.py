"""The neural side: sequence-to-sequence networks trained from scratch on the examples.

Read in this order: `encoding` turns values into tokens; `model` is the interface of networks;
`transformer`, `decoder` and `recurrent` are the networks (made of `layers`, `positions` and
`place_value`), and `architectures` builds one by kind; `training` has the training loop, `decoding`
generates answers, `inspection` looks inside; `configuration` reads the user's options, and
`learner` is the entry point for the experiment.
"""
