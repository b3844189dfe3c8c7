"""Tests of contact sheets and reports."""
