"""The questions that a plan must answer, asked of anyone's schedule."""
