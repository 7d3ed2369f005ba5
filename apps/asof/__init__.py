"""An order's instant as it was: the quote that decided, the book that it met, the account, and what its owner's screen showed.

Owns no table. It puts together what other apps' selectors rebuild from the books and the journal, in a fixed number of statements
that walk indexes, and says what cannot be known. It is what support answers from: why was my order filled at that price?
"""
