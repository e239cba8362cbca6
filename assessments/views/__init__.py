"""Pages of the assessments: find among what this person may see, bind, call the service, render."""
