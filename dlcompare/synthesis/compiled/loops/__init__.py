"""The inner loops of the search, compiled by numba; `engine.load` combines them.

Packed values
-------------
A *term* is an entry of the bank: an operation, its arguments, and the value it takes on each of the
*rows* (examples, or contexts of a function body). A value of type int or bool is one word; the
words of a term are contiguous. A term of type list has first one word per row, its length, then the
elements of all rows. Two terms with the same words are observationally equivalent, and the bank
keeps the first. The words are hashed by a sum of products with random odd keys, 64 bits wide;
equality of hashes is taken for equality of words, which can lose a candidate (about once in 10⁵
runs of 20 million terms) but never accepts a wrong one: programs are run before they are
returned.

Inside the loops arrays are raw pointers: numba counts references of arrays with atomic operations,
which here cost more than the work itself (measured: about ten times as much).
"""
