"""What to label next: the rows of a pool whose labels would teach a model most."""
