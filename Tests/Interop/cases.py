"""What every consumer has to do with the tokens of ``issuer.Tokens``."""

import issuer


class VerifierCases:
    """Mixed into the test case of a consumer, which says in ``subject`` what it makes of a token."""

    #: Whether the consumer asks the issuer about each token, and so learns of a logout at once.
    sees_logout = False

    @property
    def tokens(self):
        return issuer.shared().tokens

    def subject(self, token):
        """The subject that the consumer lets through; ``None`` when it refuses the token."""
        raise NotImplementedError

    def test_a_good_token_is_accepted_and_its_subject_known(self):
        self.assertEqual(self.subject(self.tokens.good), self.tokens.subject)

    def test_an_expired_token_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.expired))

    def test_a_bad_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.bad_signature))

    def test_the_signature_of_another_key_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_key))

    def test_a_token_without_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_none))

    def test_the_public_key_as_a_shared_secret_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_hmac))

    def test_a_token_for_another_audience_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_audience))

    def test_a_token_of_another_issuer_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_issuer))

    def test_a_logout_is_seen_at_once_where_the_issuer_is_asked(self):
        login = issuer.shared().login()
        token = login["accessToken"]
        self.assertEqual(self.subject(token), self.tokens.subject)
        issuer.shared().logout(login)
        # Without asking, a verifier cannot know: the token is good until it expires, and the pages say so.
        self.assertEqual(self.subject(token), None if self.sees_logout else self.tokens.subject)


class GatewayCases(VerifierCases):
    """Mixed into the test case of a server that stands in front of a service; ``proxy`` is that server."""

    path = "/"
    #: Where the server listens for these cases when it has more than one port.
    port = None
    #: The statuses of a refusal.
    refusals = (401,)

    def subject(self, token):
        answer = self.proxy.get(self.path, token, self.port)
        if answer.status_code == 200:
            return answer.text
        self.assertIn(answer.status_code, self.refusals, self.proxy.output())
        return None

    def test_a_request_without_token_is_refused_with_a_challenge(self):
        answer = self.proxy.get(self.path, port=self.port)
        self.assertEqual(answer.status_code, 401)
        self.assertRegex(answer.headers["WWW-Authenticate"], "^Bearer")
