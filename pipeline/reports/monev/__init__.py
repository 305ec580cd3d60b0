"""The monev report: figures, themes, whether changes helped, and the load to come."""
