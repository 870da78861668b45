"""Makes the data of the quickstart: a software vendor, its customers and its prospects, from one seed."""
