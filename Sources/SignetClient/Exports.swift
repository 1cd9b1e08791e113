// `HTTPFetcher`, `NumericDate` and `ConfigurationError` are part of this module's interface, so one import is enough.
@_exported public import HTTPFetching
