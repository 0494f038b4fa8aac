"""The symbolic layer: activations, their Hermite series and duals, alignment laws, claims.  No arrays here."""
