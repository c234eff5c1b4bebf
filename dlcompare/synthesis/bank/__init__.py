"""Terms by behaviour: `language`, `scope`, `lambdas`, `expansion` of levels, and the `bank`."""
