"""What is stored of a person: where it is, and all of it as one file.

Owns no table. It knows every table that has rows of a person's by name (``catalogue``), because a file of everything is about
tables and not about what pages make of them; a test holds the catalogue against the database, so a new table cannot be forgotten.
"""
