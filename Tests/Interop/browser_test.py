"""Tests the refresh token's cookie in a real browser: headless Chromium, driven by Selenium."""

import os
import unittest

import requests
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from issuer import Issuer
from web_page import WebPage

COOKIE = "__Secure-signet-refresh"

FETCH = """
const [url, options, done] = arguments;
fetch(url, options).then(
    async answer => done({status: answer.status, type: answer.type, text: await answer.text()}),
    error => done({error: String(error)}));
"""


def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    browser.set_script_timeout(60)
    browser.set_page_load_timeout(60)
    return browser


class BrowserCookies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.allowed, cls.stranger = WebPage(), WebPage()
        cls.addClassCleanup(cls.allowed.stop)
        cls.addClassCleanup(cls.stranger.stop)
        cls.issuer = Issuer(SIGNET_ALLOWED_ORIGINS=cls.allowed.origin)
        cls.addClassCleanup(cls.issuer.stop)
        cls.browser = chromium()
        cls.addClassCleanup(cls.browser.quit)
        cls.account = {"name": "Ines", "email": "ines@example.com", "password": "correct horse battery"}
        requests.post(f"{cls.issuer.url}/api/register", json=cls.account, timeout=30).raise_for_status()

    def setUp(self):
        self.browser.execute_cdp_cmd("Storage.clearCookies", {})

    def open(self, page):
        self.browser.get(page + "/")

    def call(self, path, body="{}", method="POST", headers=None, **options):
        """Calls the API from the open page, cookies included."""
        options = {
            "method": method,
            "credentials": "include",
            "headers": {"Content-Type": "application/json", **(headers or {})},
            **({"body": body} if body is not None else {}),
            **options,
        }
        return self.browser.execute_async_script(FETCH, self.issuer.url + path, options)

    def login(self):
        credentials = f'{{"email":"{self.account["email"]}","password":"{self.account["password"]}","delivery":"cookie"}}'
        return self.call("/api/login", credentials)

    def cookies(self):
        """All cookies of the browser, including those that no page can read."""
        return self.browser.execute_cdp_cmd("Storage.getCookies", {})["cookies"]

    def cookie(self):
        cookies = self.cookies()
        self.assertEqual([cookie["name"] for cookie in cookies], [COOKIE])
        return cookies[0]

    def assert_unreadable(self, answer):
        self.assertNotIn("srt_", answer["text"])
        self.assertEqual(self.browser.execute_script("return document.cookie"), "")

    def test_an_allowed_page_logs_in_refreshes_and_logs_out(self):
        self.open(self.allowed.origin)
        login = self.login()
        self.assertEqual(login.get("status"), 200, login)
        self.assert_unreadable(login)
        first = self.cookie()
        self.assertTrue(first["value"].startswith("srt_"))
        self.assertTrue(first["httpOnly"] and first["secure"])
        self.assertEqual((first["sameSite"], first["path"]), ("Strict", "/api"))

        refresh = self.call("/api/refresh-token")
        self.assertEqual(refresh.get("status"), 200, refresh)
        self.assert_unreadable(refresh)
        second = self.cookie()
        self.assertTrue(second["value"].startswith("srt_"))
        self.assertNotEqual(second["value"], first["value"])

        logout = self.call("/api/logout")
        self.assertEqual(logout.get("status"), 200, logout)
        self.assertEqual(self.cookies(), [])
        self.assertEqual(self.call("/api/refresh-token").get("status"), 400)
        after = requests.post(
            f"{self.issuer.url}/api/refresh-token", json={"refreshToken": second["value"]}, timeout=10
        )
        self.assertEqual(after.status_code, 401)

    def test_the_issuers_own_page_logs_in_and_refreshes_but_cannot_read_the_token(self):
        # Open a page below the path of the cookie. On other pages, document.cookie never shows the cookie.
        self.open(self.issuer.url + "/api/page")
        login = self.login()
        self.assertEqual(login.get("status"), 200, login)
        self.assert_unreadable(login)
        self.cookie()
        refresh = self.call("/api/refresh-token")
        self.assertEqual(refresh.get("status"), 200, refresh)
        self.assert_unreadable(refresh)
        self.browser.execute_script(f"document.cookie = '{COOKIE}=x; Path=/api; Secure'")
        self.assertTrue(self.cookie()["value"].startswith("srt_"))

    def test_a_page_of_another_origin_cannot_use_the_cookie(self):
        self.open(self.allowed.origin)
        self.assertEqual(self.login().get("status"), 200)
        before = self.cookie()
        # The first page is on the same site as the issuer, so the browser sends the cookie with its requests. The
        # second page is on another site, so the browser does not.
        for page in (self.stranger.origin, f"http://localhost:{self.stranger.port}"):
            self.open(page)
            for path in ("/api/refresh-token", "/api/logout"):
                self.assertIn("TypeError", self.call(path).get("error", "answered"))
                blind = self.call(path, mode="no-cors", headers={"Content-Type": "text/plain"})
                self.assertEqual((blind.get("type"), blind.get("text")), ("opaque", ""))
                self.browser.execute_script(
                    "const form = document.createElement('form'); form.method = 'post'; form.enctype = 'text/plain';"
                    "form.action = arguments[0]; document.body.append(form); form.submit()",
                    self.issuer.url + path,
                )
                self.open(page)
            self.assertIn("TypeError", self.login().get("error", "answered"))
            self.assertEqual(self.cookie(), before)
        self.open(self.allowed.origin)
        self.assertEqual(self.call("/api/refresh-token").get("status"), 200)

    def test_an_allowed_page_reads_refusals_and_ends_sessions(self):
        self.open(self.allowed.origin)
        token = requests.post(f"{self.issuer.url}/api/login", json=self.account, timeout=30).json()["accessToken"]
        self.assertEqual(self.login().get("status"), 200)
        self.cookie()
        refused = self.call("/api/profile", None, "GET")
        self.assertEqual(refused.get("status"), 401)
        self.assertIn("missing_token", refused["text"])
        bearer = {"Authorization": f"Bearer {token}"}
        self.assertIn('"current":true', self.call("/api/sessions", None, "GET", bearer)["text"])
        ended = self.call("/api/sessions?all=true", None, "DELETE", bearer)
        self.assertEqual(ended.get("status"), 204, ended)
        self.assertEqual(self.cookies(), [])


if __name__ == "__main__":
    unittest.main()
