"""What is stored of a person: where it is, all of it as one file, and the end of it.

It knows every table that has rows of a person's by name (``catalogue``), because a file of everything, and a deletion of
everything, are about tables and not about what pages make of them; a test holds the catalogue against the database, so a new
table, or a new column of text, cannot be forgotten. It owns one table: who asked for a deletion, and what became of it.

A person is overwritten, the books stay: orders, fills and postings carry the number of an account and no name, and the chain over
them is what it was. docs/privacy.md says what goes, what stays, and why.
"""
