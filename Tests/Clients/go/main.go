// A small program that uses the client that openapi-generator generates for Go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"program/signet"
)

const password = "correct horse battery"

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// model returns the body of a refusal, decoded as the contract's type.
func model[Model any](err error) Model {
	var refusal *signet.GenericOpenAPIError
	if !errors.As(err, &refusal) {
		panic("the call was not refused")
	}
	return refusal.Model().(Model)
}

func main() {
	email := os.Getenv("EMAIL")
	configuration := signet.NewConfiguration()
	configuration.Servers = signet.ServerConfigurations{{URL: os.Getenv("SIGNET_URL")}}
	client := signet.NewAPIClient(configuration)
	anybody := context.Background()
	orders := context.WithValue(anybody, signet.ContextBasicAuth, signet.BasicAuth{
		UserName: os.Getenv("CLIENT_ID"), Password: os.Getenv("CLIENT_SECRET"),
	})

	user, _, err := client.AccountsAPI.Register(anybody).
		RegisterRequest(*signet.NewRegisterRequest("Ada", email, password)).Execute()
	check(err)
	fmt.Println("registered", user.Email)

	login, _, err := client.AccountsAPI.Login(anybody).LoginRequest(*signet.NewLoginRequest(email, password)).Execute()
	check(err)
	fmt.Println("logged in", login.User.Id == user.Id)

	signedIn := context.WithValue(anybody, signet.ContextAccessToken, login.AccessToken)
	profile, _, err := client.AccountsAPI.GetProfile(signedIn).Execute()
	check(err)
	fmt.Println("profile", profile.Email, profile.CreatedAt.Equal(profile.UpdatedAt))

	pair, _, err := client.AccountsAPI.RefreshToken(anybody).
		RefreshTokenRequest(signet.RefreshTokenRequest{RefreshToken: login.RefreshToken}).Execute()
	check(err)
	fmt.Println("refreshed", pair.GetRefreshToken() != login.GetRefreshToken(), pair.TokenType)

	caller := context.WithValue(anybody, signet.ContextAccessToken, pair.AccessToken)
	_, _, err = client.AccountsAPI.Login(anybody).LoginRequest(*signet.NewLoginRequest(email, password)).Execute()
	check(err)
	page, _, err := client.SessionsAPI.ListSessions(caller).Execute()
	check(err)
	current, other := 0, ""
	for _, session := range page.Sessions {
		if session.Current {
			current++
		} else {
			other = session.Id
		}
	}
	fmt.Println("sessions", len(page.Sessions), current)
	_, err = client.SessionsAPI.RevokeSession(caller, other).Execute()
	check(err)
	page, _, err = client.SessionsAPI.ListSessions(caller).Execute()
	check(err)
	fmt.Println("sessions", len(page.Sessions))
	_, _, err = client.AccountsAPI.Login(anybody).LoginRequest(*signet.NewLoginRequest(email, password)).Execute()
	check(err)
	_, err = client.SessionsAPI.RevokeSessions(caller).Execute()
	check(err)
	page, _, err = client.SessionsAPI.ListSessions(caller).Execute()
	check(err)
	fmt.Println("sessions", len(page.Sessions))
	_, err = client.AccountsAPI.ChangePassword(caller).
		ChangePasswordRequest(*signet.NewChangePasswordRequest(password, password+"!")).Execute()
	check(err)
	fmt.Println("password changed")

	state, _, err := client.TokensAPI.IntrospectToken(orders).Token(pair.AccessToken).Execute()
	check(err)
	fmt.Println("introspected", state.Active)
	farewell, _, err := client.AccountsAPI.Logout(anybody).
		LogoutRequest(signet.LogoutRequest{RefreshToken: pair.RefreshToken}).Execute()
	check(err)
	fmt.Println("logged out", farewell.Message)
	state, _, err = client.TokensAPI.IntrospectToken(orders).Token(pair.AccessToken).Execute()
	check(err)
	fmt.Println("introspected", state.Active)

	last, _, err := client.AccountsAPI.Login(anybody).
		LoginRequest(*signet.NewLoginRequest(email, password+"!")).Execute()
	check(err)
	_, err = client.AccountsAPI.DeleteAccount(context.WithValue(anybody, signet.ContextAccessToken, last.AccessToken)).
		DeleteAccountRequest(*signet.NewDeleteAccountRequest(password + "!")).Execute()
	check(err)
	state, _, err = client.TokensAPI.IntrospectToken(orders).Token(last.AccessToken).Execute()
	check(err)
	fmt.Println("introspected", state.Active)
	granted, _, err := client.TokensAPI.RequestToken(orders).GrantType(signet.CLIENT_CREDENTIALS).
		Scope("orders.read").Execute()
	check(err)
	fmt.Println("granted", granted.GetScope())

	_, response, err := client.AccountsAPI.Register(anybody).
		RegisterRequest(*signet.NewRegisterRequest("Line\nbreak", email, password)).Execute()
	problem := model[signet.Problem](err)
	fmt.Println("refused", response.StatusCode, problem.Code, problem.Errors[0].Field, problem.Errors[0].Code)

	_, response, err = client.AccountsAPI.Login(anybody).
		LoginRequest(*signet.NewLoginRequest(email, "wrong")).Execute()
	fmt.Println("refused", response.StatusCode, model[signet.Problem](err).Code)

	_, response, err = client.TokensAPI.RequestToken(orders).GrantType(signet.CLIENT_CREDENTIALS).
		Scope("everything").Execute()
	fmt.Println("refused", response.StatusCode, model[signet.OAuthError](err).Error)
}
