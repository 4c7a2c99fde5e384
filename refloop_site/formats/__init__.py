"""How lists and forms of the workspace write days and hours: as everything else in RefLoop does."""
