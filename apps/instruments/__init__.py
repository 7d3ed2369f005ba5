"""What is traded: assets and instruments with their ticks, lots, fees, limits and trading state.

The trading state and the configuration are written by the engine alone; everyone else reads through selectors.
"""
