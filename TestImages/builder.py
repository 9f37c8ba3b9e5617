# SPDX-License-Identifier: Apache-2.0
"""What the scripts in these folders share: contents of known kinds, volumes, deletion, the truth.

Making images needs root (loop mounts), mke2fs, mtools, dosfstools, sfdisk, and for `carve` ffmpeg and
ImageMagick; running the tests needs none of them.
"""
import gzip, hashlib, io, json, os, random, shutil, struct, subprocess, sys, tempfile, time, zipfile, zlib

HERE = os.path.dirname(os.path.abspath(__file__))


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more).stdout


class Contents:
    """File contents that look like what people have, from a seed."""
    words = ("le rapport de la réunion du comité technique équipe support client disque données photo vacances "
             "facture devis projet thèse chapitre conclusion naïveté été hiver système fichier récupération").split()

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, size):
        out = ""
        while len(out) < size:
            out += " ".join(self.random.choice(self.words) for _ in range(12)).capitalize() + ".\n"
        return out.encode()[:size]

    def noise(self, size):
        return self.random.randbytes(size)

    def png(self, width=64, height=48):
        rows = b"".join(b"\0" + self.random.randbytes(3 * width) for _ in range(height))
        chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data))
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

    def wav(self, samples=4000):
        data = self.random.randbytes(2 * samples)
        return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
                + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data" + struct.pack("<I", len(data)) + data)

    def zip(self, members):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(zipfile.ZipInfo(name, (2024, 5, 17, 9, 30, 0)), data,
                                 zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def docx(self, title="Rapport d'intervention"):
        body = self.text(4000 + self.random.randrange(4000)).decode(errors="ignore")
        return self.zip([
            ("[Content_Types].xml", '<?xml version="1.0"?><Types/>'),
            ("docProps/core.xml", "<cp:coreProperties><dc:title>%s</dc:title><dcterms:created>2024-05-17T09:30:00Z"
             "</dcterms:created></cp:coreProperties>" % title),
            ("word/document.xml", "<w:document><w:body>%s</w:body></w:document>" % body)])

    def pdf(self, title="Facture"):
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                   b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"]
        stream = zlib.compress(self.text(3000 + self.random.randrange(5000)))
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream")
        objects.append(b"<< /Title (%s) /CreationDate (D:20240517093000Z) >>" % title.encode("latin-1"))
        out, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
        for number, body in enumerate(objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        return out + b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(objects) + 1, table)

    def gz(self):
        out = io.BytesIO()
        with gzip.GzipFile("notes.txt", "wb", 9, out, 1715938200) as file:
            file.write(self.text(9000))
        return out.getvalue()

    def any(self, size):
        """A content for a file of about this size, and the ending that its name should have."""
        kind = self.random.choice(["txt", "txt", "png", "pdf", "docx", "wav", "bin", "gz"])
        if kind == "txt": return self.text(size), kind
        if kind == "bin": return self.noise(size), kind
        if kind == "png": return self.png(16 + size // 400 % 80, 48), kind
        if kind == "wav": return self.wav(size // 2), kind
        return getattr(self, kind)(), kind


NAMES = ["rapport", "été à la plage", "Compte-rendu de la réunion du comité technique et des équipes support",
         "日本語ファイル", "документ", "naïveté", "IMG_2041", "l’été", "a", "archive.final.v2", "größe", "x" * 120,
         "Facture n° 2024", "garçon_élève"]
FOLDERS = ["Documents", "Photos de famille", "写真", "Année 2023", "very long directory name with many words inside"]


def plan(contents, files, largest=60_000):
    """Paths with contents: nested folders, names of many kinds, some empty, some large."""
    rnd, folders, result = contents.random, [""], {}
    for index in range(max(2, files // 6)):
        folders.append((rnd.choice(folders) + "/" + rnd.choice(FOLDERS) + " %d" % index).lstrip("/"))
    while len(result) < files:
        size = rnd.choice([0, 300, 700, 3000, 9000, largest // 2, largest]) if rnd.random() < 0.9 else largest
        data, kind = (b"", "txt") if size == 0 else contents.any(size)
        path = (rnd.choice(folders) + "/" + "%s %d.%s" % (rnd.choice(NAMES), len(result), kind)).lstrip("/")
        result[path] = data
    return result


class Truth:
    def __init__(self, note=""):
        self.note, self.files = note, []

    def add(self, path, data, state, modified=None, volume=""):
        self.files.append(dict(path=path, volume=volume, size=len(data), state=state, modified=modified,
                               sha256=hashlib.sha256(data).hexdigest()))

    def save(self, case, image):
        folder = os.path.join(HERE, case)
        os.makedirs(folder, exist_ok=True)
        run("gzip", "-9nf", image)
        shutil.move(image + ".gz", os.path.join(folder, "image.gz"))
        with open(os.path.join(folder, "truth.json"), "w") as out:
            json.dump(dict(note=self.note, files=sorted(self.files, key=lambda f: (f["volume"], f["path"]))), out,
                      ensure_ascii=False, indent=1)
            out.write("\n")
        print("%-14s %4d files, %7d bytes packed" % (
            case, len(self.files), os.path.getsize(os.path.join(folder, "image.gz"))))


def blank(size):
    path = os.path.join(tempfile.mkdtemp(), "image")
    with open(path, "wb") as out:
        out.truncate(size)
    return path


class Mounted:
    """An image mounted by the kernel, through a loop device."""
    def __init__(self, image, offset=0):
        self.image, self.offset = image, offset

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        run("mount", "-o", "loop,offset=%d" % self.offset, self.image, self.folder)
        return self.folder

    def __exit__(self, *_):
        run("umount", self.folder)
        os.rmdir(self.folder)


class FuseMounted(Mounted):
    """An image mounted by a program, through a loop device: ntfs-3g with options, mount.exfat-fuse."""
    def __init__(self, image, *command):
        self.image, self.command = image, command

    def __enter__(self):
        self.folder, self.device = tempfile.mkdtemp(), run("losetup", "-f", "--show", self.image).decode().strip()
        run(*self.command, self.device, self.folder)
        return self.folder

    def __exit__(self, *_):
        super().__exit__()
        run("losetup", "-d", self.device)


def write(folder, path, data, modified):
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as out:
        out.write(data)
    os.utime(full, (modified, modified))


def modified(index):
    return 1_500_000_000 + 86_413 * index


def fill_and_delete(folder, files, truth, volume="", rnd=None):
    """Writes files, deletes about half of them, among them whole folders, as `rm -r` does."""
    rnd = rnd or random.Random(5)
    for index, (path, data) in enumerate(files.items()):
        write(folder, path, data, modified(index))
    os.sync()
    tops = sorted({path.split("/")[0] for path in files if "/" in path})
    gone = set(rnd.sample(tops, max(1, len(tops) // 2)))
    for top in gone:
        shutil.rmtree(os.path.join(folder, top))
    for index, (path, data) in enumerate(files.items()):
        deleted = path.split("/")[0] in gone or rnd.random() < 0.35
        if deleted and os.path.exists(os.path.join(folder, path)):
            os.unlink(os.path.join(folder, path))
        truth.add(path, data, "deleted" if deleted else "live", modified(index), volume)


def fat_partition(image, start, size, kind, contents, truth, volume, files=14, windows=True):
    """Makes a FAT volume inside an image, with deleted files."""
    from fat import FAT
    part = blank(size)
    run("mkfs.fat", "-F", kind, "-s", "1", "-n", "CARD", part)
    tree = tempfile.mkdtemp()
    rnd = contents.random
    for index, (path, data) in enumerate(plan(contents, files, 20_000).items()):
        write(tree, path, data, modified(index) // 2 * 2)
        truth.add(path, data, "deleted" if rnd.random() < 0.5 else "live", modified(index) // 2 * 2, volume)
    os.environ.update(TZ="UTC", MTOOLS_SKIP_CHECK="1")
    run("mcopy", "-s", "-m", "-i", part, *sorted(os.path.join(tree, n) for n in os.listdir(tree)), "::")
    fat = FAT(part)
    for file in truth.files:
        if file["volume"] == volume and file["state"] == "deleted": fat.delete(file["path"], windows)
    fat.close()
    place(part, image, start)


def ext_partition(image, start, size, contents, truth, volume, files=20):
    """Makes an ext4 volume inside an image, with deleted files."""
    part = blank(size)
    run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-L", "DATA", part)
    with Mounted(part) as folder:
        fill_and_delete(folder, plan(contents, files, 20_000), truth, volume)
    place(part, image, start)


def place(part, image, start):
    with open(part, "rb") as file, open(image, "r+b") as out:
        out.seek(start)
        shutil.copyfileobj(file, out)
