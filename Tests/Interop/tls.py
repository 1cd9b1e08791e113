"""Puts TLS in front of the issuer, for consumers that accept only https."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from issuer import free_port
from processes import Proxy


class TLSFront:
    """HAProxy in front of `address`, with a self-signed certificate. ``authority`` is the file that consumers must trust."""

    def __init__(self, address):
        self._proxy = Proxy(free_port())
        self.port = self._proxy.port
        self.url = f"https://127.0.0.1:{self.port}"
        key = rsa.generate_private_key(65537, 2048)
        certificate = self._certificate(key).public_bytes(serialization.Encoding.PEM).decode()
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.authority = self._proxy.write("authority.pem", certificate)
        self._proxy.write("server.pem", certificate + secret)
        self._proxy.start("haproxy", "-db", "-f", self._proxy.write("haproxy.cfg", f"""
            defaults
                mode http
                timeout connect 5s
                timeout client 30s
                timeout server 30s
            listen issuer
                bind 127.0.0.1:{self.port} ssl crt {self._proxy.path("server.pem")}
                server issuer {address}
        \n"""))

    @staticmethod
    def _certificate(key):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "interop")])
        now = datetime.datetime.now(datetime.timezone.utc)
        names = [x509.DNSName("id.example.com"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )

    def stop(self):
        self._proxy.stop()
