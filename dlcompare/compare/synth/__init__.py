"""``dlcompare synth``: `problems` reads files, `solving` searches, `printing` shows answers."""
