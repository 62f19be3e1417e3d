"""A real WordPress with its Akismet plugin, of Debian's packages, on servers of its own.

MariaDB runs on a socket in a temporary folder and PHP serves a copy of WordPress: nothing of the
system's own services is touched.
"""

import getpass
import html
import http.cookiejar
import re
import secrets
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from tests.services.processes import ROOT, Process, free_port, listens, wait_for

PLUGIN_FILE = "leave-a-reply/leave-a-reply.php"
PACKAGED = Path("/usr/share/wordpress")
PLUGIN = ROOT / "build/leave-a-reply-wordpress.zip"
CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', false);
define('AUTH_KEY', '{salt}');
define('SECURE_AUTH_KEY', '{salt}');
define('LOGGED_IN_KEY', '{salt}');
define('NONCE_KEY', '{salt}');
{constants}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '{host}';
require '{root}/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Gazette', 'admin', 'admin@gazette.example', true, '', '{password}');
update_option('siteurl', 'http://{host}');
update_option('home', 'http://{host}');
update_option('active_plugins', array('akismet/akismet.php'));
update_option('comment_previously_approved', 0);
update_option('comment_moderation', 0);
update_option('akismet_strictness', '0');
update_option('akismet_ssl_disabled', time());
"""


class Blog:
    """WordPress at `url`, whose administrator we are, too."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self.root = folder / "wordpress"
        self.password = secrets.token_urlsafe(12)
        self._salt = secrets.token_hex(32)
        self._running: list[Process] = []
        self._readers = count(2)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def install(self, constants: Mapping[str, str]) -> None:
        """Start the database, install WordPress into it, and serve it."""
        self._start_database()
        shutil.copytree(PACKAGED, self.root, symlinks=False, ignore_dangling_symlinks=True)
        self.configure(constants)
        script = INSTALL.format(host=self.host, root=self.root, password=self.password)
        self.php(script)
        # What was configured must count at once, and not when a compiled file is looked at again.
        web = ["php", "-d", "opcache.enable=0", "-S", self.host, "-t", str(self.root)]
        self._start(web, PHP_CLI_SERVER_WORKERS="4")
        wait_for(lambda: listens(self.port), seconds=20, what="PHP's web server")
        self._log_in()

    def configure(self, constants: Mapping[str, str]) -> None:
        """Write wp-config.php."""
        self.constants = constants
        defined = "\n".join(f"define('{name}', '{value}');" for name, value in constants.items())
        config = CONFIG.format(
            socket=self.folder / "mysql.sock", salt=self._salt, constants=defined
        )
        (self.root / "wp-config.php").write_text(config)

    def add_mu_plugin(self, name: str, code: str) -> None:
        """Put a plugin there that is always active."""
        plugins = self.root / "wp-content/mu-plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / name).write_text(f"<?php\n{code}")

    def add_plugin(self) -> None:
        """Put our plugin, as it is built, among the others, and activate it."""
        with zipfile.ZipFile(PLUGIN) as built:
            built.extractall(self.root / "wp-content/plugins")
        self.wordpress(
            "require_once ABSPATH . 'wp-admin/includes/plugin.php';"
            f"$error = activate_plugin('{PLUGIN_FILE}'); assert(null === $error);"
        )

    def wordpress(self, code: str) -> str:
        """Run PHP inside WordPress and return what it prints."""
        return self.php(
            f"$_SERVER['HTTP_HOST'] = '{self.host}'; require '{self.root}/wp-load.php';{code}"
        )

    def run_cron(self) -> None:
        """Run the events of WP-Cron that are due, as its own request does, until none is.

        One request may do nothing: while another run holds the lock, or where the clock was set
        back since an event was planned.
        """

        def nothing_is_due() -> bool:
            self.read("/wp-cron.php")
            return self.wordpress("echo count(wp_get_ready_cron_jobs());") == "0"

        wait_for(nothing_is_due, seconds=90, what="WP-Cron")

    def read(self, path: str) -> str:
        """Return a page as anybody sees it."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def php(self, code: str) -> str:
        """Run PHP and return what it prints."""
        command = ["php", "-d", "display_errors=stderr", "-r", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def comment(self, text: str, **fields: str) -> int:
        """Comment as a new reader, and return the status that WordPress answers with."""
        reader = next(self._readers)
        form = {
            "comment_post_ID": "1",
            "author": f"Reader {reader}",
            "email": f"reader{reader}@mail.example",
            "comment": text,
            **fields,
        }
        # Each reader has an address of this machine: WordPress stops who comments too often.
        connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(f"127.0.0.{reader}", 0)
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Mozilla/5.0"}
        connection.request("POST", "/wp-comments-post.php", urllib.parse.urlencode(form), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def status(self, text: str) -> str:
        """Return where a comment is: `1` published, `0` pending, `spam`; or nothing."""
        rows = self.sql(
            f"SELECT comment_approved FROM wp_comments WHERE comment_content = '{text}'"
        )
        return rows[0] if rows else ""

    def click(self, text: str, action: str) -> None:
        """Follow a moderator's link below a comment: `spamcomment` or `unspamcomment`."""
        (number,) = self.sql(f"SELECT comment_ID FROM wp_comments WHERE comment_content = '{text}'")
        wanted = {"c": [number], "action": [action]}
        for page in ("all", "spam"):
            listed = self.browse(f"/wp-admin/edit-comments.php?comment_status={page}")
            for quoted in re.findall(r"comment\.php\?[^'\"]+", listed):
                link = html.unescape(quoted)
                asked = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
                if wanted.items() <= asked.items():
                    self.browse(f"/wp-admin/{link}")
                    return
        raise AssertionError(f"there is no link {action} below {text!r}")

    def browse(
        self, path: str, form: Mapping[str, str] | Sequence[tuple[str, str]] | None = None
    ) -> str:
        """Return a page as the administrator sees it."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self._browser.open(self.url + path, data, timeout=60) as answer:
            return str(answer.read().decode())

    def sql(self, query: str) -> list[str]:
        """Return the first column of a query's rows."""
        client = ["mariadb", "--no-defaults", f"--socket={self.folder}/mysql.sock", "-uroot"]
        done = subprocess.run(
            [*client, "--batch", "--skip-column-names", "wordpress", "-e", query],
            capture_output=True,
            text=True,
            check=True,
        )
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def stop(self) -> None:
        """Stop both servers."""
        for process in reversed(self._running):
            process.stop()

    def _start(self, command: list[str], **environment: str) -> None:
        self._running.append(Process(command, environment, self.folder / "blog.log"))

    def _start_database(self) -> None:
        data, socket = self.folder / "mysql", self.folder / "mysql.sock"
        here = [f"--datadir={data}", f"--user={getpass.getuser()}"]
        install = ["mariadb-install-db", "--no-defaults", *here]
        subprocess.run(
            [*install, "--auth-root-authentication-method=normal", "--skip-test-db"],
            capture_output=True,
            check=True,
        )
        server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        quick = ["--skip-networking", "--innodb-flush-log-at-trx-commit=0"]
        self._start([server, "--no-defaults", *here, f"--socket={socket}", *quick])
        wait_for(socket.exists, seconds=30, what="MariaDB")
        client = ["mariadb", "--no-defaults", f"--socket={socket}", "-uroot", "-e"]
        subprocess.run([*client, "CREATE DATABASE wordpress"], check=True)

    def _log_in(self) -> None:
        self.browse("/wp-login.php")
        form = {"log": "admin", "pwd": self.password, "wp-submit": "Log In", "testcookie": "1"}
        page = self.browse("/wp-login.php", form)
        assert "login_error" not in page, page
