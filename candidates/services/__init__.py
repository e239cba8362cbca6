"""The verbs about candidates: one transaction each, refusing with a French sentence."""
