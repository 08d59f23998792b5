"""Runs the scenarios of `tests/scenarios`, whose README says what they mean, in both clients.

- `program` reads a scenario, and refuses what the format doesn't have.
- `values` fills in what is sent; `patterns` compares what came; `errors` compares what failed.
- `flavour` has the two clients; `session` is one client with all that it was told and has opened;
  `steps` does the steps of a scenario with it, and `handlers` what it is asked.
- `peer` is the scripted server, `real` the real one.
- `player` plays a scenario from its start to its end, and sees that nothing is left.
"""
