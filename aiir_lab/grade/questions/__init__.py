"""The graded questions: one module per lesson, named by the prefix of its question ids."""
