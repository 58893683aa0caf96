// The checks of verify.
