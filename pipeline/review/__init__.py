"""Triage: the store of scored complaints and officers' decisions, and the web pages and API on it.

Reads scored rows, never a model: what scores for the API is handed in by the command line.
"""
