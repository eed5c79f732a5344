"""Words, a picture or an SVG in; a safe, normalised, in-style SVG out. Knows no user and no history."""
