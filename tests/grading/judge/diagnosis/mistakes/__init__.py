"""Tables of solutions and mistakes, with the diagnosis that each mistake must get."""
