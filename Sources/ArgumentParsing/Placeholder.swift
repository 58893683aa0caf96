// Sources of ArgumentParsing.
