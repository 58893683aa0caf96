// Sources of Formats.
