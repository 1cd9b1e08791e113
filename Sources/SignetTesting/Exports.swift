// A test of a service imports `SignetTesting` alone: policies, errors and requests of the verifier come with it.
@_exported public import SignetVerifier
