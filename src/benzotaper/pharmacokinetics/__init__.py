"""Relative average levels over a plan: one compartment, an active metabolite where the data have one."""
