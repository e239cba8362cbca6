"""The verbs of the assessments: one transaction each, refusing with a French sentence."""
