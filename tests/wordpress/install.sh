#!/bin/sh
# Installs WordPress with its Akismet plugin, PHP and MariaDB, where they are missing and we may.
set -eu

missing=""
[ -e /usr/share/wordpress/wp-content/plugins/akismet ] || missing="$missing wordpress"
for theme in twentytwentyone twentytwentythree; do
    [ -e /usr/share/wordpress/wp-content/themes/$theme ] || missing="$missing wordpress-theme-$theme"
done
command -v php >/dev/null || missing="$missing php-cli"
for module in mysqli curl mbstring xml; do
    php -m 2>/dev/null | grep -qx "$module" && continue
    case $module in mysqli) missing="$missing php-mysql" ;; *) missing="$missing php-$module" ;; esac
done
command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] || missing="$missing mariadb-server"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"
else as_root="none"
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
    echo "The test with WordPress needs:$missing. Install them, then try again." >&2
    exit 1
fi
echo "Installing for the test with WordPress:$missing"
export DEBIAN_FRONTEND=noninteractive
# Run level 1 keeps the packages from starting servers: the test starts its own.
export RUNLEVEL=1
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
