// Sources of Ingestion.
