// The public interface of this module uses `HTTPFetcher` and `ConfigurationError` of `HTTPFetching`, and `JSONObject`
// and `NumericDate` of `JOSE`. These exports make the four types visible to a service that imports only
// `SignetVerifier`.

@_exported public import HTTPFetching
@_exported public import JOSE
