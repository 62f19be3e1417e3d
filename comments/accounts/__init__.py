"""Who may call: site API keys, single sign-on of readers, staff two-factor secrets."""
