// `HTTPFetcher`, `ConfigurationError` and `NumericDate` appear in this module's interface. With these exports an app
// imports `SignetClient` alone.
@_exported public import HTTPFetching
@_exported public import JOSE
