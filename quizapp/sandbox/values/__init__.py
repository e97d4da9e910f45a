"""Values encoded as plain bytes: the encoder runs in a worker, the decoder in the judge."""
