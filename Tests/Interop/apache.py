"""Starts Apache with the configuration of a page."""

from issuer import free_port
from processes import Proxy

MODULES = "/usr/lib/apache2/modules"


def start(configuration, module, file, ports=()):
    """Starts Apache with `module` from `file`, on a free port or on `ports`."""
    ports = ports or [free_port()]
    proxy = Proxy(ports[0])
    names = {
        "mpm_event": "mod_mpm_event.so", "authn_core": "mod_authn_core.so", "authz_core": "mod_authz_core.so",
        "authz_user": "mod_authz_user.so", "headers": "mod_headers.so", "proxy": "mod_proxy.so",
        "proxy_http": "mod_proxy_http.so", module: file,
    }
    lines = [f"LoadModule {name}_module {MODULES}/{path}" for name, path in names.items()]
    lines += [
        f"ServerRoot {proxy.directory.name}", "ServerName localhost", "PidFile pid", "ErrorLog /dev/stderr",
        f"DefaultRuntimeDir {proxy.directory.name}", "Mutex pthread", "User www-data", "Group www-data", "StartServers 1",
        "ServerLimit 1", *(f"Listen 127.0.0.1:{port}" for port in ports),
    ]
    file = proxy.write("httpd.conf", "\n".join(lines) + "\n" + configuration)
    try:
        proxy.start("apache2", "-DFOREGROUND", "-f", file)
    except BaseException:
        proxy.stop()
        raise
    return proxy
