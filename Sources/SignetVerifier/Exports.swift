// `HTTPFetcher`, `ConfigurationError`, `JSONObject` and `NumericDate` appear in this module's interface. With these
// exports, a service imports `SignetVerifier` alone.

@_exported public import HTTPFetching
@_exported public import JOSE
