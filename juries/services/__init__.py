"""The verbs of the jury: one transaction each, refusing with a French sentence."""
