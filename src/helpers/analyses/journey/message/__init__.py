"""What messages do: `sent` ones and what followed, by `campaigns`, the `pressure` of too many, and their `shares`."""
