"""Everything that starts the project. Imports no Django, so settings may import it and it starts at once."""
