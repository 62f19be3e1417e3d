"""Who may call: API keys of sites, single sign-on of readers, second factors of staff."""
