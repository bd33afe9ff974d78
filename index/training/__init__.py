"""How the shipped encoder was made: split, pairs, training, averaging, export, measurement."""
