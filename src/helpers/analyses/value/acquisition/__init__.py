"""What winning customers costs, and when they have brought it: `newcomers` counts both, `payback` tells."""
