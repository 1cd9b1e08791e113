"""The test cases that every consumer of tokens must pass, with the tokens of ``issuer.Tokens``."""

import issuer


class VerifierCases:
    """A mixin for the tests of one consumer. The test class implements ``subject``."""

    #: True if the consumer introspects each token and therefore sees a logout at once.
    sees_logout = False
    #: The reason why the consumer accepts a token whose `typ` is not `at+jwt`; None if it must refuse the token.
    accepts_other_types = None
    #: The reason why the consumer accepts an RS512 signature although the issuer's JWK says RS256; None if it must
    #: refuse the token.
    accepts_other_algorithms = None
    #: The reason why the consumer accepts a token without `exp`; None if it must refuse the token.
    accepts_tokens_without_exp = None

    @property
    def tokens(self):
        return issuer.shared().tokens

    def subject(self, token):
        """The subject of the token if the consumer accepts it; ``None`` if the consumer refuses it."""
        raise NotImplementedError

    def test_a_valid_token_is_accepted_and_its_subject_is_known(self):
        self.assertEqual(self.subject(self.tokens.good), self.tokens.subject)

    def test_a_token_for_several_audiences_is_accepted(self):
        for token in self.tokens.several_audiences:
            self.assertEqual(self.subject(token), self.tokens.client)

    def test_an_expired_token_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.expired))

    def test_a_token_without_exp_is_refused_if_the_consumer_can_require_exp(self):
        subject = self.subject(self.tokens.without_expiry)
        self.assertEqual(subject, self.tokens.subject if self.accepts_tokens_without_exp else None)

    def test_a_bad_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.bad_signature))

    def test_the_signature_of_another_key_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_key))

    def test_a_token_without_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_none))

    def test_the_public_key_as_a_shared_secret_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_hmac))

    def test_a_signature_by_another_algorithm_than_the_header_names_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_misnamed))

    def test_another_algorithm_than_the_jwk_names_is_refused_if_the_consumer_checks_it(self):
        subject = self.subject(self.tokens.alg_rs512)
        self.assertEqual(subject, self.tokens.subject if self.accepts_other_algorithms else None)

    def test_a_token_for_other_audiences_is_refused(self):
        for token in (self.tokens.other_audience, self.tokens.other_audiences):
            self.assertIsNone(self.subject(token))

    def test_a_token_for_another_audience_of_the_client_that_introspects_is_refused(self):
        # The introspection response says that this token is active. So the consumer must check the audience of the
        # token.
        self.assertTrue(issuer.shared().introspect(self.tokens.billing).json()["active"])
        self.assertIsNone(self.subject(self.tokens.billing))

    def test_a_token_of_another_issuer_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_issuer))

    def test_a_token_of_another_type_is_refused_if_the_consumer_checks_typ(self):
        for token in self.tokens.other_types:
            self.assertEqual(self.subject(token), self.tokens.subject if self.accepts_other_types else None)

    def test_other_documents_that_the_issuer_signs_are_refused(self):
        for document in self.tokens.other_documents:
            self.assertIsNone(self.subject(document))

    def test_a_refresh_token_is_refused(self):
        token = issuer.shared().login()["refreshToken"]
        self.assertEqual(issuer.shared().introspect(token).text, '{"active":false}')
        self.assertIsNone(self.subject(token))

    def test_a_logout_is_seen_at_once_if_the_consumer_introspects(self):
        login = issuer.shared().login()
        token = login["accessToken"]
        self.assertEqual(self.subject(token), self.tokens.subject)
        issuer.shared().logout(login)
        # A consumer that does not introspect accepts the token until the token expires, as docs/interop documents.
        self.assertEqual(self.subject(token), None if self.sees_logout else self.tokens.subject)


class IntrospectionCases:
    """A second mixin for consumers that introspect: tests how they check each member of the response.

    The server ``introspections`` answers them. The tokens are random text, so that only the response can decide.
    """

    introspections = None

    def token_of_answer(self, **changes):
        """A token whose introspection response is the one of a valid token with ``changes``; ``None`` removes a member."""
        answer = {**issuer.shared().introspect(self.tokens.good).json(), **changes}
        return self.introspections.token({name: value for name, value in answer.items() if value is not None})

    def subject_of_answer(self, **changes):
        """The subject that the consumer accepts after the changed response; ``None`` if it refuses."""
        token = self.token_of_answer(**changes)
        subject = self.subject(token)
        self.assertIn(token, self.introspections.asked)
        return subject

    def test_the_response_for_a_valid_token_is_accepted(self):
        self.assertEqual(self.subject_of_answer(), self.tokens.subject)
        several = [issuer.BILLING, issuer.AUDIENCE]
        self.assertEqual(self.subject_of_answer(aud=several), self.tokens.subject)

    def test_responses_are_not_cached(self):
        token = self.token_of_answer()
        self.assertEqual(self.subject(token), self.tokens.subject)
        self.introspections.answers[token] = {"active": False}
        self.assertIsNone(self.subject(token))

    def test_a_response_that_is_not_active_is_refused(self):
        self.assertIsNone(self.subject_of_answer(active=False))

    def test_a_response_with_another_iss_or_without_iss_is_refused(self):
        for name in ("https://id.elsewhere.example.com", None):
            self.assertIsNone(self.subject_of_answer(iss=name))

    def test_a_response_with_other_audiences_or_without_aud_is_refused(self):
        for audience in (issuer.BILLING, [issuer.BILLING, f"{issuer.AUDIENCE}/"], None):
            self.assertIsNone(self.subject_of_answer(aud=audience))

    def test_a_response_for_a_refresh_token_is_refused(self):
        # The introspection response for a refresh token has no `jti` and no `auth_time`. In earlier versions of Signet,
        # the response also had no `token_type`.
        for token_type in (None, "refresh_token"):
            self.assertIsNone(self.subject_of_answer(token_type=token_type, jti=None, auth_time=None))


class GatewayCases(VerifierCases):
    """A mixin for the tests of a reverse proxy. The test class sets ``proxy``."""

    path = "/"
    #: The port of the reverse proxy to which these tests send requests; None for the proxy's main port.
    port = None
    #: The HTTP statuses with which the proxy may refuse a token.
    refusals = (401,)

    def subject(self, token):
        answer = self.proxy.get(self.path, token, self.port)
        if answer.status_code == 200:
            return answer.text
        self.assertIn(answer.status_code, self.refusals, self.proxy.output())
        return None

    def test_a_request_without_a_token_is_refused_with_a_challenge(self):
        answer = self.proxy.get(self.path, port=self.port)
        self.assertEqual(answer.status_code, 401)
        self.assertRegex(answer.headers["WWW-Authenticate"], "^Bearer")
