"""The study screen: question, answer, verdict and rating of one card after another."""
