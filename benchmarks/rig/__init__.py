"""What benchmarks are run with: servers, processes, measurements and their table."""
