"""Which other product or splitting would shrink the falls that the products force."""
