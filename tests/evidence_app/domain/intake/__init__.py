"""Intake: batches and folders."""
