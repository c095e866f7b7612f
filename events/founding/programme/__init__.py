"""The programme: a file of regions, organisations, events and news, and how it is loaded.

`reading` judges the file alone, `shelves` say which table each of its records
becomes, `plan` compares file, rows and the last import, `loading` does what is
planned in one transaction, `report` tells it.
"""
