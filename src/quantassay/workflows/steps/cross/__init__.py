"""The cells of a study: which there are, what they depend on, what their run folders say."""
