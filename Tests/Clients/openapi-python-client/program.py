"""A small program that uses the client that openapi-python-client generates."""

import os

import httpx
from signet_client import AuthenticatedClient, Client
from signet_client.api.accounts import (
    change_password, delete_account, get_profile, login, logout, refresh_token, register,
)
from signet_client.api.sessions import list_sessions, revoke_session, revoke_sessions
from signet_client.api.tokens import introspect_token, request_token
from signet_client.models import (
    ChangePasswordRequest, DeleteAccountRequest, GrantType, IntrospectionRequest, IntrospectionResponse, LoginRequest,
    LoginResponse, LogoutRequest, Message, OAuthError, Problem, Profile, RefreshTokenRequest, RegisterRequest,
    SessionPage, TokenPair, TokenRequest, TokenResponse, User,
)

URL = os.environ["SIGNET_URL"]
EMAIL = os.environ["EMAIL"]
PASSWORD = "correct horse battery"

app = Client(base_url=URL)


def service(client_id, client_secret):
    return Client(base_url=URL, httpx_args={"auth": httpx.BasicAuth(client_id, client_secret)})


user = register.sync(client=app, body=RegisterRequest(name="Ada", email=EMAIL, password=PASSWORD))
assert isinstance(user, User)
print("registered", user.email)

session = login.sync(client=app, body=LoginRequest(email=EMAIL, password=PASSWORD))
assert isinstance(session, LoginResponse)
print("logged in", session.user.user_id == user.user_id)

profile = get_profile.sync(client=AuthenticatedClient(base_url=URL, token=session.access_token))
assert isinstance(profile, Profile)
print("profile", profile.email, profile.created_at == profile.updated_at)

pair = refresh_token.sync(client=app, body=RefreshTokenRequest(refresh_token=session.refresh_token))
assert isinstance(pair, TokenPair)
print("refreshed", pair.refresh_token != session.refresh_token, pair.token_type.value)

signed_in = AuthenticatedClient(base_url=URL, token=pair.access_token)


def sessions():
    page = list_sessions.sync(client=signed_in)
    assert isinstance(page, SessionPage)
    return page.sessions


login.sync(client=app, body=LoginRequest(email=EMAIL, password=PASSWORD))
listed = sessions()
print("sessions", len(listed), len([session for session in listed if session.current]))
revoke_session.sync_detailed(client=signed_in, id=next(session.id for session in listed if not session.current))
print("sessions", len(sessions()))
login.sync(client=app, body=LoginRequest(email=EMAIL, password=PASSWORD))
revoke_sessions.sync_detailed(client=signed_in)
print("sessions", len(sessions()))
changed = change_password.sync_detailed(
    client=signed_in, body=ChangePasswordRequest(current_password=PASSWORD, new_password=PASSWORD + "!")
)
assert changed.status_code == 204
print("password changed")

orders = service(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
answer = introspect_token.sync(client=orders, body=IntrospectionRequest(token=pair.access_token))
assert isinstance(answer, IntrospectionResponse)
print("introspected", answer.active)
farewell = logout.sync(client=app, body=LogoutRequest(refresh_token=pair.refresh_token))
assert isinstance(farewell, Message)
print("logged out", farewell.message)
answer = introspect_token.sync(client=orders, body=IntrospectionRequest(token=pair.access_token))
assert isinstance(answer, IntrospectionResponse)
print("introspected", answer.active)

session = login.sync(client=app, body=LoginRequest(email=EMAIL, password=PASSWORD + "!"))
assert isinstance(session, LoginResponse)
delete_account.sync_detailed(
    client=AuthenticatedClient(base_url=URL, token=session.access_token),
    body=DeleteAccountRequest(password=PASSWORD + "!"),
)
answer = introspect_token.sync(client=orders, body=IntrospectionRequest(token=session.access_token))
assert isinstance(answer, IntrospectionResponse)
print("introspected", answer.active)
granted = request_token.sync(
    client=orders, body=TokenRequest(grant_type=GrantType.CLIENT_CREDENTIALS, scope="orders.read")
)
assert isinstance(granted, TokenResponse)
print("granted", granted.scope)

refused = register.sync_detailed(client=app, body=RegisterRequest(name="Line\nbreak", email=EMAIL, password=PASSWORD))
assert isinstance(refused.parsed, Problem)
fault = refused.parsed.errors[0]
print("refused", refused.status_code.value, refused.parsed.code, fault.field, fault.code.value)

refused = login.sync_detailed(client=app, body=LoginRequest(email=EMAIL, password="wrong"))
assert isinstance(refused.parsed, Problem)
print("refused", refused.status_code.value, refused.parsed.code)

refused = request_token.sync_detailed(
    client=orders, body=TokenRequest(grant_type=GrantType.CLIENT_CREDENTIALS, scope="everything")
)
assert isinstance(refused.parsed, OAuthError)
print("refused", refused.status_code.value, refused.parsed.error)
