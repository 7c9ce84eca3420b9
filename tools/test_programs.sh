#!/bin/sh
# Install the programs some tests drive (browser, office suite, OCR, films, strace): as root with apt; otherwise say what is missing.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-writer-nogui"
[ -e /usr/lib/libreoffice/program/libsdlo.so ] || missing="$missing libreoffice-impress-nogui"
command -v ffmpeg >/dev/null 2>&1 || missing="$missing ffmpeg"
command -v tesseract >/dev/null 2>&1 || missing="$missing tesseract-ocr tesseract-ocr-fra tesseract-ocr-spa tesseract-ocr-ita"
command -v strace >/dev/null 2>&1 || missing="$missing strace"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
fc-list 2>/dev/null | grep -qi carlito || missing="$missing fonts-crosextra-carlito fonts-crosextra-caladea fonts-liberation"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # a list of package names
  apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
  echo "They could not all be installed; tests that need them are skipped by name."
else
  echo "Not installed, so tests that need them are skipped by name:$missing"
fi
exit 0
