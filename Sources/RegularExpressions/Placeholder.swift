// Sources of RegularExpressions.
