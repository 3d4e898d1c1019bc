#!/bin/sh
# Unpacks a Debian source package into the current folder: fetch_source.sh PACKAGE UPSTREAM_VERSION SHA256
#
# The sources come from the mirrors this machine already uses, through a private apt sources list (deb-src) and private
# lists, so apt's own configuration stays as it is and no root is needed. Downloads are kept in the user's cache: a
# clean clone needs the mirror only once. Upstream's tarball is pinned by its hash; Debian's patches on top of it are
# vouched for by apt's signatures, and its newest revision is taken, so a point release of Debian breaks nothing.
set -eu
package=$1 version=$2 sha256=$3

fail() {
  echo "fetch_source: $*" >&2
  exit 1
}

pristine() { # $1: a folder; is the pinned tarball in it?
  for tarball in "$1/${package}_${version}".orig.tar.*; do
    case $tarball in *.asc) continue ;; esac
    [ -f "$tarball" ] && echo "$sha256  $tarball" | sha256sum --check --status && return 0
  done
  return 1
}

cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/hpsocket/sources
apt=$PWD/.apt
mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/files"
trap 'rm -rf "$apt"' EXIT

files=$cache/${package}_$version
if ! { pristine "$files" && ls "$files"/*.dsc >/dev/null 2>&1; }; then
  files=$apt/files
  command -v apt-get >/dev/null || fail "no apt-get here: this build takes $package from Debian's source packages"
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    case $list in
      *.list) sed -nE 's/^[[:space:]]*deb(-src)?[[:space:]]/deb-src /p' "$list" >>"$apt/parts/all.list" ;;
      *.sources) sed -E 's/^Types:.*/Types: deb-src/' "$list" >"$apt/parts/${list##*/}" ;;
    esac 2>/dev/null || true
  done
  set -- -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/parts" -o Dir::State::lists="$apt/lists" \
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)"
  if [ -f "$apt/parts/all.list" ]; then sort -u -o "$apt/parts/all.list" "$apt/parts/all.list"; fi
  apt-get "$@" update >"$apt/log" 2>&1 || true # a third party's mirror without sources is no reason to stop
  newest=$(apt-cache "$@" showsrc "$package" 2>>"$apt/log" | sed -n 's/^Version: //p' | grep -F "$version-" |
    sort -V | tail -n 1)
  [ -n "$newest" ] || { cat "$apt/log" >&2; fail "$package $version is not on this machine's Debian mirrors"; }
  (cd "$files" && apt-get "$@" source --download-only "$package=$newest") >>"$apt/log" 2>&1 ||
    { cat "$apt/log" >&2; fail "cannot download $package $newest"; }
  pristine "$files" || fail "the tarball of $package $newest is not the pinned one (sha256 $sha256)"
  # Best effort, and never half a folder.
  if mkdir -p "$cache" 2>/dev/null && cp -r "$files" "$cache/.$$.new"; then
    rm -rf "$cache/${package}_$version" && mv "$cache/.$$.new" "$cache/${package}_$version"
  fi
fi

dpkg-source --no-check -x "$files"/*.dsc "$apt/tree" >"$apt/log" 2>&1 || { cat "$apt/log" >&2; fail "cannot unpack"; }
rm -rf "$apt/tree/.pc" "$apt/tree/debian" "$apt/tree/WORKSPACE"
cp -r "$apt/tree/." .
