"""What the review log shows: statistics, their report and charts, leeches."""
