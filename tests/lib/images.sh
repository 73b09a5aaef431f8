# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Servers of images for tests, real ones on loopback addresses, sourced after
# lib.sh:
#
#	serve_images
#		an image server on the directory $IMAGES: $SERVER is its
#		address, $LOG its log
#	serve_images_tls
#		the same directory by https: $TLS_SERVER; CURL_CA_BUNDLE says
#		that its certificate is known
#	image_archive FILE ROOTFS
#		packs one, as servers have them
#	add_image NAMES ARCH VERSION FILE
#		offers FILE, a root.tar.xz, as an image
#	serve_registry
#		a registry on the directory $W/registry: $REGISTRY
needs curl jq python3

IMAGES=$W/images
LOG=$W/server.log

# start_server PORT-FILE [ARG...]
start_server() {
	port_file=$1
	shift
	: >>"$LOG"
	# shellcheck disable=SC2154 # of lib.sh
	python3 "$tests/helpers/image-server" "$IMAGES" "$port_file" "$LOG" "$@" >/dev/null 2>&1 &
	echo $! >"$W/server-pid"
	retry test -s "$port_file"
}

serve_images() {
	mkdir -p "$IMAGES/streams/v1"
	cat >"$IMAGES/streams/v1/index.json" <<-END
		{"format": "index:1.0", "index": {"images": {"datatype": "image-downloads",
		"path": "streams/v1/images.json", "format": "products:1.0", "products": []}}}
	END
	echo '{"content_id": "images", "format": "products:1.0", "products": {}}' >"$IMAGES/streams/v1/images.json"
	start_server "$W/port"
	# shellcheck disable=SC2034 # for tests
	SERVER=http://127.0.0.1:$(cat "$W/port")
}

serve_images_tls() {
	needs openssl
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lsl-test -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$W/tls.key" -out "$W/tls.crt" 2>/dev/null
	cat "$W/tls.key" "$W/tls.crt" >"$W/tls.pem"
	start_server "$W/tls-port" "$W/tls.pem"
	# shellcheck disable=SC2034 # for tests
	TLS_SERVER=https://127.0.0.1:$(cat "$W/tls-port")
	export CURL_CA_BUNDLE="$W/tls.crt"
}

image_archive() {
	tar -C "$2" --numeric-owner --xattrs --xattrs-include='*' -cJf "$1" .
}

# images_json FILTER: changes the index by a program of jq, in which $1 and so
# on are the other arguments.
images_json() {
	filter=$1
	shift
	jq "$filter" --args "$@" <"$IMAGES/streams/v1/images.json" >"$W/images.json.new"
	mv "$W/images.json.new" "$IMAGES/streams/v1/images.json"
}

add_image() {
	path=images/$(echo "${1%%,*}" | tr / -)/$2/$3/root.tar.xz
	mkdir -p "$IMAGES/${path%/*}"
	ln -f "$4" "$IMAGES/$path" 2>/dev/null || cp "$4" "$IMAGES/$path"
	hash=$(sha256sum <"$4")
	# shellcheck disable=SC2016 # jq's own variables
	images_json '$ARGS.positional as $a | .products[$a[0] + ":" + $a[1]] |= ((. // {}) + {aliases: $a[0], arch: $a[1]}
		| .versions[$a[2]].items["root.tar.xz"] = {ftype: "root.tar.xz", path: $a[3], sha256: $a[4], size: ($a[5] | tonumber)})' \
		"$1" "$2" "$3" "$path" "${hash%% *}" "$(stat -c %s "$4")"
}

serve_registry() {
	needs docker-registry
	cat >"$W/registry.yml" <<-END
		version: 0.1
		log: {level: info, formatter: json}
		storage: {filesystem: {rootdirectory: $W/registry}}
		http: {addr: "127.0.0.1:0"}
	END
	docker-registry serve "$W/registry.yml" >"$W/registry.log" 2>&1 &
	retry grep -q 'listening on 127' "$W/registry.log"
	# shellcheck disable=SC2034 # for tests
	REGISTRY=$(sed -n 's/.*listening on \(127[0-9.:]*\).*/\1/p' "$W/registry.log")
}

# refuses WHAT STATUS MESSAGE CMD...: lsl creates nothing, and says why in one
# line, after $refused. The test has the function leaves_nothing.
refused=
refuses() {
	what=$1 expected=$2 message=$3
	shift 3
	run "$@"
	# shellcheck disable=SC2254,SC2154 # a pattern is meant; of run
	case "$status:$out:$err" in
	"$expected::lsl: $refused"$message) pass "$what" ;;
	*) fail "$what" "expected: $expected, $refused$message" ;;
	esac
	is "... in one line" "$(printf '%s\n' "$err" | grep -c .)" 1
	leaves_nothing
}
