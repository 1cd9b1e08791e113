// `HTTPFetcher`, `ConfigurationError` and `NumericDate` are part of this module's interface, so one import is enough.
@_exported public import HTTPFetching
@_exported public import JOSE
