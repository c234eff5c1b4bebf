"""The tasks that come with dlcompare, one file for each family."""
