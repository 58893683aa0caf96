// The tests of verify.
