"""Finding words in what people wrote: word forms, the index, passages in context."""
