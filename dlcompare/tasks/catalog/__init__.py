"""The tasks that come with dlcompare, one file a family."""
