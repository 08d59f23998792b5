"""The SDK contract, rule by rule, against a server that the test plays itself."""
