import java.util.Base64;
import java.util.List;
import signet.client.ApiClient;
import signet.client.ApiException;
import signet.client.api.AccountsApi;
import signet.client.api.SessionsApi;
import signet.client.api.TokensApi;
import signet.client.model.ChangePasswordRequest;
import signet.client.model.DeleteAccountRequest;
import signet.client.model.FieldError;
import signet.client.model.GrantType;
import signet.client.model.LoginRequest;
import signet.client.model.LoginResponse;
import signet.client.model.OAuthError;
import signet.client.model.Problem;
import signet.client.model.Profile;
import signet.client.model.LogoutRequest;
import signet.client.model.RefreshTokenRequest;
import signet.client.model.RegisterRequest;
import signet.client.model.Session;
import signet.client.model.TokenPair;
import signet.client.model.User;

/** A small app on the client that openapi-generator makes for Java (library native). */
public final class Program {
    private static final String URL = System.getenv("SIGNET_URL");

    public static void main(String[] arguments) throws Exception {
        String email = System.getenv("EMAIL");
        String password = "correct horse battery";
        AccountsApi accounts = new AccountsApi(client(null));
        TokensApi tokens = new TokensApi(client(basic(System.getenv("CLIENT_ID"), System.getenv("CLIENT_SECRET"))));

        User user = accounts.register(new RegisterRequest().name("Ada").email(email).password(password));
        System.out.println("registered " + user.getEmail());

        LoginResponse login = accounts.login(new LoginRequest().email(email).password(password));
        System.out.println("logged in " + login.getUser().getId().equals(user.getId()));

        Profile profile = new AccountsApi(client("Bearer " + login.getAccessToken())).getProfile();
        System.out.println(
            "profile " + profile.getEmail() + " " + profile.getCreatedAt().equals(profile.getUpdatedAt()));

        TokenPair pair = accounts.refreshToken(new RefreshTokenRequest().refreshToken(login.getRefreshToken()));
        System.out.println(
            "refreshed " + !pair.getRefreshToken().equals(login.getRefreshToken()) + " " + pair.getTokenType());

        ApiClient signedIn = client("Bearer " + pair.getAccessToken());
        SessionsApi sessions = new SessionsApi(signedIn);
        accounts.login(new LoginRequest().email(email).password(password));
        List<Session> listed = sessions.listSessions(null, null).getSessions();
        System.out.println(
            "sessions " + listed.size() + " " + listed.stream().filter(Session::getCurrent).count());
        Session other = listed.stream().filter(session -> !session.getCurrent()).findFirst().orElseThrow();
        sessions.revokeSession(other.getId());
        System.out.println("sessions " + sessions.listSessions(null, null).getSessions().size());
        accounts.login(new LoginRequest().email(email).password(password));
        sessions.revokeSessions(null);
        System.out.println("sessions " + sessions.listSessions(null, null).getSessions().size());
        new AccountsApi(signedIn).changePassword(
            new ChangePasswordRequest().currentPassword(password).newPassword(password + "!"));
        System.out.println("password changed");

        System.out.println("introspected " + tokens.introspectToken(pair.getAccessToken(), null, null, null).getActive());
        System.out.println(
            "logged out "
                + accounts.logout(new LogoutRequest().refreshToken(pair.getRefreshToken())).getMessage());
        System.out.println("introspected " + tokens.introspectToken(pair.getAccessToken(), null, null, null).getActive());

        LoginResponse last = accounts.login(new LoginRequest().email(email).password(password + "!"));
        new AccountsApi(client("Bearer " + last.getAccessToken()))
            .deleteAccount(new DeleteAccountRequest().password(password + "!"));
        System.out.println("introspected " + tokens.introspectToken(last.getAccessToken(), null, null, null).getActive());
        System.out.println("granted " + requestToken(tokens, "orders.read"));

        try {
            accounts.register(new RegisterRequest().name("Line\nbreak").email(email).password(password));
        } catch (ApiException error) {
            Problem problem = read(error, Problem.class);
            FieldError fault = problem.getErrors().get(0);
            System.out.println(
                "refused " + error.getCode() + " " + problem.getCode() + " " + fault.getField() + " " + fault.getCode());
        }
        try {
            accounts.login(new LoginRequest().email(email).password("wrong"));
        } catch (ApiException error) {
            System.out.println("refused " + error.getCode() + " " + read(error, Problem.class).getCode());
        }
        try {
            requestToken(tokens, "everything");
        } catch (ApiException error) {
            System.out.println("refused " + error.getCode() + " " + read(error, OAuthError.class).getError());
        }
    }

    private static String requestToken(TokensApi tokens, String scope) throws ApiException {
        return tokens.requestToken(GrantType.CLIENT_CREDENTIALS, scope, null, List.of(), List.of(), null, null).getScope();
    }

    private static ApiClient client(String authorization) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(URL);
        if (authorization != null) {
            client.setRequestInterceptor(request -> request.header("Authorization", authorization));
        }
        return client;
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes());
    }

    private static <Model> Model read(ApiException error, Class<Model> model) throws Exception {
        return ApiClient.createDefaultObjectMapper().readValue(error.getResponseBody(), model);
    }
}
