"""The experiment: from a command to a report.

Read the rooms from the bottom up:

==============  ================================================================================
`learners`      learners by name, and the baselines
`execution`     processes, their limits, and backends: this machine or a cluster
`trials`        the trials of a run, their examples, their outcomes, and the store
`statistics`    numbers over seeds, items and tasks; pure functions
`summary`       the results of a run as types, and the same as JSON values
`report`        the pages and tables that people read
`claims`        verdicts on the essay's claims
`experiment`    a run from its settings to its report
`api`           the Python face
`synth`         ``dlcompare synth``
`cli`           the commands
==============  ================================================================================
"""
