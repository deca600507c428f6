"""From a regimen and strategies to the record of a plan; `benzotaper.planner` is its front door."""
