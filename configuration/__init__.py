"""Read and check the environment once; hand out frozen settings; set up logging."""
