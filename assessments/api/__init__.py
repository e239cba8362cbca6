"""The assessments over HTTP; the grille in the browser uses the same contract."""
