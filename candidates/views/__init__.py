"""Pages about candidates: find among what this person may see, bind, call the service, render."""
