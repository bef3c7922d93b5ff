"""Signals to results: segments, repetitions, holds, faults, measures and how sure each is."""
