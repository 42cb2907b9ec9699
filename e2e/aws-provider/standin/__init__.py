"""A stand-in for HashiCorp's AWS provider: the real schema, our rules, moto as AWS.

See ../README.md for what it shows and what it can't.
"""
