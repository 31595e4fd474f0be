"""What contracts bring: `running` ones, and their `renewal`."""
