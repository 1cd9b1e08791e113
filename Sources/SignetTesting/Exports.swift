// Re-export the verifier, so that a test of a service needs only `import SignetTesting` to use its types.
@_exported public import SignetVerifier
