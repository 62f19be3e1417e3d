"""What every desk page needs: permissions, wording, widgets, sign-in."""
