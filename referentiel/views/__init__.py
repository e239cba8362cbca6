"""Pages of the référentiels: find among what this person may see, bind, call the service, render."""
