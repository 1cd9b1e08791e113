"""A small program that uses the client that openapi-generator generates for Python."""

import os

from signet_client import (
    AccountsApi, ApiClient, ChangePasswordRequest, Configuration, DeleteAccountRequest, GrantType, LoginRequest,
    LogoutRequest, OAuthError, Problem, RefreshTokenRequest, RegisterRequest, SessionsApi, TokensApi,
)
from signet_client.exceptions import ApiException

URL = os.environ["SIGNET_URL"]
EMAIL = os.environ["EMAIL"]
PASSWORD = "correct horse battery"

accounts = AccountsApi(ApiClient(Configuration(host=URL)))
tokens = TokensApi(ApiClient(
    Configuration(host=URL, username=os.environ["CLIENT_ID"], password=os.environ["CLIENT_SECRET"])
))


def signed_in(access_token):
    return ApiClient(Configuration(host=URL, access_token=access_token))


user = accounts.register(RegisterRequest(name="Ada", email=EMAIL, password=PASSWORD))
print("registered", user.email)

login = accounts.login(LoginRequest(email=EMAIL, password=PASSWORD))
print("logged in", login.user.id == user.id)

profile = AccountsApi(signed_in(login.access_token)).get_profile()
print("profile", profile.email, profile.created_at == profile.updated_at)

pair = accounts.refresh_token(RefreshTokenRequest(refresh_token=login.refresh_token))
print("refreshed", pair.refresh_token != login.refresh_token, pair.token_type.value)

accounts.login(LoginRequest(email=EMAIL, password=PASSWORD))
user_sessions = SessionsApi(signed_in(pair.access_token))
listed = user_sessions.list_sessions().sessions
print("sessions", len(listed), len([session for session in listed if session.current]))
user_sessions.revoke_session(next(session.id for session in listed if not session.current))
print("sessions", len(user_sessions.list_sessions().sessions))
accounts.login(LoginRequest(email=EMAIL, password=PASSWORD))
user_sessions.revoke_sessions()
print("sessions", len(user_sessions.list_sessions().sessions))
AccountsApi(signed_in(pair.access_token)).change_password(
    ChangePasswordRequest(current_password=PASSWORD, new_password=PASSWORD + "!")
)
print("password changed")

print("introspected", tokens.introspect_token(pair.access_token).active)
print("logged out", accounts.logout(LogoutRequest(refresh_token=pair.refresh_token)).message)
print("introspected", tokens.introspect_token(pair.access_token).active)

login = accounts.login(LoginRequest(email=EMAIL, password=PASSWORD + "!"))
AccountsApi(signed_in(login.access_token)).delete_account(DeleteAccountRequest(password=PASSWORD + "!"))
print("introspected", tokens.introspect_token(login.access_token).active)
print("granted", tokens.request_token(GrantType.CLIENT_CREDENTIALS, scope="orders.read").scope)

try:
    accounts.register(RegisterRequest(name="Line\nbreak", email=EMAIL, password=PASSWORD))
except ApiException as error:
    assert isinstance(error.data, Problem)
    print("refused", error.status, error.data.code, error.data.errors[0].field_name, error.data.errors[0].code)

try:
    accounts.login(LoginRequest(email=EMAIL, password="wrong"))
except ApiException as error:
    assert isinstance(error.data, Problem)
    print("refused", error.status, error.data.code)

try:
    tokens.request_token(GrantType.CLIENT_CREDENTIALS, scope="everything")
except ApiException as error:
    assert isinstance(error.data, OAuthError)
    print("refused", error.status, error.data.error)
