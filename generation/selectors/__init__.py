"""What is read of batches: progress, totals, timelines, facts for estimates."""
