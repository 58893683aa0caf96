// Sources of Tailing.
