"""What administrateurs do with référentiels: each verb in one transaction, journaled."""
