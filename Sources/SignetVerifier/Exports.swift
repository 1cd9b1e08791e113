// `HTTPFetcher`, `ConfigurationError`, `JSONObject` and `NumericDate` appear in this module's interface. Exporting their
// modules means that consumers need one import only.

@_exported public import HTTPFetching
@_exported public import JOSE
