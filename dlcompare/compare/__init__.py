"""The experiment: protocol, trials, store, statistics, reports, command line."""
