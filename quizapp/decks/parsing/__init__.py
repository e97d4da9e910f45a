"""From the text of a YAML file to typed field values, with the position of every problem."""
