#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: an image's layers lead out of the directory into which lsl create
# unpacks them: by names with "..", links, and the files with which a layer
# removes files below it. Origin: CVE-2021-29136 (umoci), CVE-2019-14271 (docker
# cp).
#
# Nothing outside is made, changed or removed, whether the image is refused or
# not.
. "$(dirname "$0")/../lib/lib.sh"
needs skopeo umoci python3

STATE=$T/var/lib/lsl
CACHE=$T/var/cache/lsl
python=$(python3 -c 'import sys; print(sys.executable)')
canary=$W/canary
mkdir -p "$canary/directory"
echo untouched | tee "$canary/file" "$canary/directory/file" >"$canary/os-release"
chmod 0600 "$canary/file"
busybox_rootfs "$T/rootfs/source"
tar -C "$T/rootfs/source" -cf good.tar .
cat >make.py <<'PYTHON'
# make.py DIRECTORY CANARY: an image layout of a good layer, and of another one,
# whose members Python's lines on stdin add.
import hashlib, io, json, os, sys, tarfile
layout, canary = sys.argv[1:]
os.makedirs(layout + "/blobs/sha256")
def blob(data):
    digest = hashlib.sha256(data).hexdigest()
    open(layout + "/blobs/sha256/" + digest, "wb").write(data)
    return digest
def described(data, kind):
    return {"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + blob(data), "size": len(data)}
buffer = io.BytesIO()
tar = tarfile.open(fileobj=buffer, mode="w")
def add(name, type=tarfile.REGTYPE, data=b"planted", mode=0o644, **fields):
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.size = type, mode, len(data) if type == tarfile.REGTYPE else 0
    for key, value in fields.items(): setattr(member, key, value)
    tar.addfile(member, io.BytesIO(data) if type == tarfile.REGTYPE else None)
def link(name, target): add(name, tarfile.SYMTYPE, linkname=target)
def hard(name, target): add(name, tarfile.LNKTYPE, linkname=target)
def directory(name, **fields): add(name, tarfile.DIRTYPE, **fields)
exec(sys.stdin.read())
tar.close()
layers = [open("good.tar", "rb").read(), buffer.getvalue()]
config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers",
          "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]}}
manifest = {"schemaVersion": 2, "config": described(json.dumps(config).encode(), "config.v1+json"),
            "layers": [described(layer, "layer.v1.tar") for layer in layers]}
top = described(json.dumps(manifest).encode(), "manifest.v1+json")
top["annotations"] = {"org.opencontainers.image.ref.name": "x"}
json.dump({"schemaVersion": 2, "manifests": [top]}, open(layout + "/index.json", "w"))
json.dump({"imageLayoutVersion": "1.0.0"}, open(layout + "/oci-layout", "w"))
PYTHON

look_outside() {
	find "$canary" -printf '%P %m %U %s %n %T@ %l\n' | sort
	cat "$canary/file"
	find "$T" -name '*escaped*' -not -path "$STATE/bad/*"
}
before=$(look_outside)

# layers WHAT: the second layer is what the lines of Python on stdin make.
layers() {
	rm -rf layout
	"$python" make.py layout "$canary"
	run lsl create bad --from oci:layout:x --arch amd64
	is "$1: nothing outside has changed (status $status)" "$(look_outside)" "$before"
	is "... no device comes out of it" "$(find "$STATE" -type b -o -type c)" ""
	is "... nothing is half made" "$(find "$STATE" -mindepth 1 -maxdepth 1 -name '.*' ! -name .lock; find "$CACHE" -mindepth 1)" ""
	[ ! -d "$STATE/bad" ] || ok "... it can be removed" lsl remove bad --yes
	is "... and is gone" "$(ls -A "$STATE" | grep -vx .lock)" ""
}

layers "an image that is as it should be" <<-'END'
	add("etc/planted")
END
is "... is made" "$status" 0
layers "names with .." <<-'END'
	add("../escaped"); add("a/../../../escaped"); add("../../../../../../../../../../escaped")
END
layers "a file through a link" <<-'END'
	link("way", canary); add("way/file"); add("way/escaped")
END
layers "a file through a link that leads upwards" <<-'END'
	link("way", "../../../../../../../../../../../.." + canary); add("way/file"); add("way/escaped")
END
layers "a file through links in a row" <<-'END'
	link("one", "/"); link("two", "one/.."); link("three", "two/" + canary); add("three/escaped"); add("three/file")
END
layers "a file in the place of a link to a file" <<-'END'
	link("way", canary + "/file"); add("way")
END
layers "a link in the place of a directory of the first layer" <<-'END'
	link("etc", canary); add("etc/os-release"); add("etc/escaped")
END
layers "a hard link to a file outside" <<-'END'
	hard("hard", canary + "/file"); add("hard", data=b"changed", mode=0o4777)
END
layers "a hard link through a link" <<-'END'
	link("way", canary); hard("hard", "way/file"); add("hard", data=b"changed", mode=0o4777)
END
layers "a hard link through a link that leads upwards" <<-'END'
	link("way", "../../../../../../../../../../../.." + canary); hard("hard", "way/file"); add("hard", mode=0o4777)
END
layers "what removes a file through a link" <<-'END'
	link("way", canary); add("way/.wh.file", data=b""); add("way/.wh.directory", data=b"")
END
layers "what removes a directory's files through a link" <<-'END'
	link("way", canary); add("way/.wh..wh..opq", data=b"")
END
layers "what removes names that mean something" <<-'END'
	add(".wh...", data=b""); add(".wh..", data=b""); add("etc/.wh...", data=b""); add(".wh.", data=b"")
END
layers "... and a link itself" <<-'END'
	link("way", canary); add(".wh.way", data=b"")
END
layers "modes and owners through a link" <<-'END'
	link("way", canary + "/directory"); directory("way", mode=0o7777, uid=51001, gid=51001)
	link("way/", canary + "/directory"); directory("way/", mode=0o7777, uid=51001, gid=51001)
END
layers "the root as something else" <<-'END'
	link(".", canary); link("./", canary); link("/", canary); add("./escaped")
END
layers "the root of a user's" <<-'END'
	directory("./", mode=0o7777, uid=51001, gid=51001)
END
layers "devices, below other names of /dev" <<-'END'
	add("dev/sda", tarfile.BLKTYPE, devmajor=8); add("sda", tarfile.BLKTYPE, mode=0o666, devmajor=8)
	link("devices", "dev"); add("devices/sdb", tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=1)
END
layers "a name that sets a terminal's title, and a newline" <<-'END'
	add("a\x1b]0;planted\x07\nb", tarfile.BLKTYPE, devmajor=8); add("../\x1b[31m")
END
is "... no terminal obeys" "$(printf '%s' "$out$err" | LC_ALL=C tr -d '[:print:]\n' | wc -c)" 0
layers "names without end" <<-'END'
	add("x/" * 3000 + "x")
END
as_user ln -s "$canary" "$T/home/alice/link"
layers "links through a directory of a user's" <<-END
	link("way", "$T/home/alice/link"); add("way/file"); add("way/escaped"); add("way/.wh.file", data=b"")
END

# Of an image on this machine.
rm layout/index.json
mkfifo layout/index.json
run timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS create bad --from oci:layout:x
is "an index that is a fifo: status 1, one line" "$status:$out$(printf '%s\n' "$err" | wc -l)" 1:1
is "... nothing is half made" "$(find "$STATE" -mindepth 1 -maxdepth 1 ! -name .lock; find "$CACHE" -mindepth 1)" ""
mkfifo image.tar
run timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS create bad --from docker-archive:image.tar
is "an archive that is a fifo: status 1, one line" "$status:$out$(printf '%s\n' "$err" | wc -l)" 1:1
