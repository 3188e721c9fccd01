"""Search over everything that registers a type: index, questions, answers. Access is asked inside each query."""
