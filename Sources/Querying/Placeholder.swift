// Sources of Querying.
