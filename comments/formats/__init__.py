"""Read and write comments in the formats of other systems; one file per format."""
