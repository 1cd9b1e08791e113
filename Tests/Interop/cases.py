"""What every consumer has to do with the tokens of ``issuer.Tokens``."""

import issuer


class VerifierCases:
    """Mixed into the test case of a consumer, which says in ``subject`` what it makes of a token."""

    #: Whether the consumer asks the issuer about each token, and so learns of a logout at once.
    sees_logout = False
    #: Why the consumer lets in a token whose `typ` is another one, where it does.
    takes_other_types = None
    #: Why the consumer lets in what the issuer's key has signed with another algorithm of RSA, where it does.
    takes_other_algorithms = None
    #: Why the consumer lets in a token without `exp`, where it does.
    takes_endless_tokens = None

    @property
    def tokens(self):
        return issuer.shared().tokens

    def subject(self, token):
        """The subject that the consumer lets through; ``None`` when it refuses the token."""
        raise NotImplementedError

    def test_a_good_token_is_accepted_and_its_subject_known(self):
        self.assertEqual(self.subject(self.tokens.good), self.tokens.subject)

    def test_a_token_for_several_audiences_is_accepted(self):
        for token in self.tokens.several_audiences:
            self.assertEqual(self.subject(token), self.tokens.client)

    def test_an_expired_token_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.expired))

    def test_a_token_that_never_expires_is_refused_where_that_is_asked_for(self):
        subject = self.subject(self.tokens.without_expiry)
        self.assertEqual(subject, self.tokens.subject if self.takes_endless_tokens else None)

    def test_a_bad_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.bad_signature))

    def test_the_signature_of_another_key_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_key))

    def test_a_token_without_signature_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_none))

    def test_the_public_key_as_a_shared_secret_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_hmac))

    def test_the_signature_of_another_algorithm_than_the_named_one_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.alg_misnamed))

    def test_another_algorithm_than_the_keys_is_refused_where_that_is_looked_at(self):
        subject = self.subject(self.tokens.alg_rs512)
        self.assertEqual(subject, self.tokens.subject if self.takes_other_algorithms else None)

    def test_a_token_for_other_audiences_is_refused(self):
        for token in (self.tokens.other_audience, self.tokens.other_audiences):
            self.assertIsNone(self.subject(token))

    def test_a_token_for_another_audience_of_the_client_that_introspects_is_refused(self):
        # The issuer says that it is active: only who looks at the audience refuses it.
        self.assertTrue(issuer.shared().introspect(self.tokens.billing).json()["active"])
        self.assertIsNone(self.subject(self.tokens.billing))

    def test_a_token_of_another_issuer_is_refused(self):
        self.assertIsNone(self.subject(self.tokens.other_issuer))

    def test_a_token_of_another_type_is_refused_where_that_can_be_seen(self):
        for token in self.tokens.other_types:
            self.assertEqual(self.subject(token), self.tokens.subject if self.takes_other_types else None)

    def test_what_else_the_issuer_signs_is_refused(self):
        for document in self.tokens.other_documents:
            self.assertIsNone(self.subject(document))

    def test_a_refresh_token_is_refused(self):
        token = issuer.shared().login()["refreshToken"]
        self.assertTrue(issuer.shared().introspect(token).json()["active"])
        self.assertIsNone(self.subject(token))

    def test_a_logout_is_seen_at_once_where_the_issuer_is_asked(self):
        login = issuer.shared().login()
        token = login["accessToken"]
        self.assertEqual(self.subject(token), self.tokens.subject)
        issuer.shared().logout(login)
        # Without asking, a verifier cannot know: the token is good until it expires, and the pages say so.
        self.assertEqual(self.subject(token), None if self.sees_logout else self.tokens.subject)


class IntrospectionCases:
    """Mixed in besides where the consumer asks ``introspections`` about tokens: what it makes of the answers.

    The tokens are made up, so that nothing but the answer can decide.
    """

    introspections = None

    def token_of_answer(self, **changes):
        """A token of which the consumer is told what it is told of a good one, but for this."""
        answer = {**issuer.shared().introspect(self.tokens.good).json(), **changes}
        return self.introspections.token({name: value for name, value in answer.items() if value is not None})

    def subject_of_answer(self, **changes):
        """The subject that the consumer lets through when it is told that."""
        token = self.token_of_answer(**changes)
        subject = self.subject(token)
        self.assertIn(token, self.introspections.asked)
        return subject

    def test_the_answer_for_a_good_token_is_enough(self):
        self.assertEqual(self.subject_of_answer(), self.tokens.subject)
        several = [issuer.BILLING, issuer.AUDIENCE]
        self.assertEqual(self.subject_of_answer(aud=several), self.tokens.subject)

    def test_no_answer_is_kept(self):
        token = self.token_of_answer()
        self.assertEqual(self.subject(token), self.tokens.subject)
        self.introspections.answers[token] = {"active": False}
        self.assertIsNone(self.subject(token))

    def test_an_answer_that_is_not_active_is_refused_whatever_else_it_says(self):
        self.assertIsNone(self.subject_of_answer(active=False))

    def test_an_answer_of_another_issuer_or_of_none_is_refused(self):
        for name in ("https://id.elsewhere.example.com", None):
            self.assertIsNone(self.subject_of_answer(iss=name))

    def test_an_answer_for_other_audiences_or_none_is_refused(self):
        for audience in (issuer.BILLING, [issuer.BILLING, f"{issuer.AUDIENCE}/"], None):
            self.assertIsNone(self.subject_of_answer(aud=audience))

    def test_an_answer_for_a_refresh_token_is_refused_however_much_it_looks_like_an_access_token(self):
        # What issuers before this one said, and what they say now together with all that they leave out.
        for token_type in (None, "refresh_token"):
            self.assertIsNone(self.subject_of_answer(token_type=token_type, jti=None, auth_time=None))


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
