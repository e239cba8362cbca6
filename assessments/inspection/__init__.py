"""What a file says it is, against what it is: extension, first bytes, structure, and nothing that acts by itself.

Each module reads one kind and raises ``InvalidInput`` with the sentence the person reads.
"""
