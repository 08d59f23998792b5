"""What every generated package shares: models, calls, and the two kinds of connection.

Nothing in here knows a protocol. Whatever depends on one is passed in as `facts.ProtocolFacts`, as
a table of methods, or through the generated classes that build on these.
"""
