"""What an application imports: modules, procedures, conditions, verbs. It never learns which runtime serves it."""
