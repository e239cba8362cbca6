"""The forms of the editor. They read what was typed; the services say whether it may be."""
