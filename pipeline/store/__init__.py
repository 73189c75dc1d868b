"""What each phase puts into the warehouse and takes out of it. No statistics."""
