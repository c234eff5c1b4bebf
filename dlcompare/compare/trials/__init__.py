"""Trials: `protocol` lists them, `draws` makes examples, `trial` outcomes, `store` keeps all."""
