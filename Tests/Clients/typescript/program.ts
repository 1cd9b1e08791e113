// A small program that uses the client that openapi-generator generates for TypeScript (typescript-fetch).

import {
    AccountsApi, Configuration, GrantType, OAuthError, OAuthErrorFromJSON, Problem, ProblemFromJSON, ResponseError,
    SessionsApi, TokensApi,
} from "./client/index";

declare const process: { env: Record<string, string>; exitCode: number };

const basePath = process.env.SIGNET_URL;
const email = process.env.EMAIL;
const password = "correct horse battery";

async function refusal<Model>(call: Promise<unknown>, read: (json: unknown) => Model): Promise<[number, Model]> {
    try {
        await call;
    } catch (error) {
        if (error instanceof ResponseError) {
            return [error.response.status, read(await error.response.json())];
        }
        throw error;
    }
    throw new Error("the call was not refused");
}

async function main(): Promise<void> {
    const accounts = new AccountsApi(new Configuration({ basePath }));
    const tokens = new TokensApi(new Configuration({
        basePath, username: process.env.CLIENT_ID, password: process.env.CLIENT_SECRET,
    }));

    const user = await accounts.register({ registerRequest: { name: "Ada", email, password } });
    console.log("registered", user.email);

    const login = await accounts.login({ loginRequest: { email, password } });
    console.log("logged in", login.user.id === user.id);

    const signedIn = new AccountsApi(new Configuration({ basePath, accessToken: login.accessToken }));
    const profile = await signedIn.getProfile();
    console.log("profile", profile.email, profile.createdAt.getTime() === profile.updatedAt.getTime());

    const pair = await accounts.refreshToken({ refreshTokenRequest: { refreshToken: login.refreshToken } });
    console.log("refreshed", pair.refreshToken !== login.refreshToken, pair.tokenType);

    const caller = new Configuration({ basePath, accessToken: pair.accessToken });
    const sessions = new SessionsApi(caller);
    await accounts.login({ loginRequest: { email, password } });
    const listed = (await sessions.listSessions()).sessions;
    console.log("sessions", listed.length, listed.filter((session) => session.current).length);
    await sessions.revokeSession({ id: listed.find((session) => !session.current)!.id });
    console.log("sessions", (await sessions.listSessions()).sessions.length);
    await accounts.login({ loginRequest: { email, password } });
    await sessions.revokeSessions();
    console.log("sessions", (await sessions.listSessions()).sessions.length);
    await new AccountsApi(caller).changePassword({
        changePasswordRequest: { currentPassword: password, newPassword: password + "!" },
    });
    console.log("password changed");

    console.log("introspected", (await tokens.introspectToken({ token: pair.accessToken })).active);
    const farewell = await accounts.logout({ logoutRequest: { refreshToken: pair.refreshToken } });
    console.log("logged out", farewell.message);
    console.log("introspected", (await tokens.introspectToken({ token: pair.accessToken })).active);

    const last = await accounts.login({ loginRequest: { email, password: password + "!" } });
    await new AccountsApi(new Configuration({ basePath, accessToken: last.accessToken })).deleteAccount({
        deleteAccountRequest: { password: password + "!" },
    });
    console.log("introspected", (await tokens.introspectToken({ token: last.accessToken })).active);
    const granted = await tokens.requestToken({ grantType: GrantType.ClientCredentials, scope: "orders.read" });
    console.log("granted", granted.scope);

    const [invalid, problem] = await refusal<Problem>(
        accounts.register({ registerRequest: { name: "Line\nbreak", email, password } }), ProblemFromJSON);
    const fault = problem.errors![0];
    console.log("refused", invalid, problem.code, fault.field, fault.code);

    const [wrong, credentials] = await refusal<Problem>(
        accounts.login({ loginRequest: { email, password: "wrong" } }), ProblemFromJSON);
    console.log("refused", wrong, credentials.code);

    const [unknown, error] = await refusal<OAuthError>(
        tokens.requestToken({ grantType: GrantType.ClientCredentials, scope: "everything" }), OAuthErrorFromJSON);
    console.log("refused", unknown, error.error);
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
