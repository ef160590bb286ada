"""Step "disseminate through many channels" (S2 step 5): the channels of an agency and the ledger of deliveries."""
