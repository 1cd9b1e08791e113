// `HTTPFetcher`, `ConfigurationError` and `NumericDate` appear in the public interface of `SignetClient`. Export their
// modules again, so that an app needs to import only `SignetClient`.
@_exported public import HTTPFetching
@_exported public import JOSE
