#!/bin/sh
# certificate.sh FOLDER NAME...: makes an internal CA in FOLDER where there is none, and a certificate by it for the names
# and IP addresses by which the server is opened. ca.crt goes to the readers' computers; ca.key belongs on no server.
set -eu
[ $# -ge 2 ] || { echo "用法 / usage: sh deploy/certificate.sh FOLDER NAME..." >&2; exit 2; }
folder=$1
shift
names=""
for name in "$@"; do
    case $name in
        *:*) kind=IP ;;
        *[!0-9.]*) kind=DNS ;;
        *) kind=IP ;;
    esac
    names="$names${names:+,}$kind:$name"
done

umask 077
mkdir -p "$folder"
cd "$folder"
if [ ! -e ca.key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=Dashboard CA" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.crt 2>/dev/null
fi
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout server.key -out server.csr 2>/dev/null
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n' "$names" >server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 -sha256 -extfile server.ext \
    -out server.crt 2>/dev/null
rm -f server.csr server.ext
chmod 644 ca.crt server.crt
echo "证书 / certificate: $folder/server.crt ($names)"
