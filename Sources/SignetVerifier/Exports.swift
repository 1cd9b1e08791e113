// `HTTPFetcher`, `ConfigurationError`, `JSONObject` and `NumericDate` are part of this module's interface, so one import
// is enough for a consumer.
@_exported public import HTTPFetching
@_exported public import JOSE
