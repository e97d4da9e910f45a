"""Review scheduling: ratings, memories, the queue, sessions, statistics and the store."""
