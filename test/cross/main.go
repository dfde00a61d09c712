// Checks a log with code that is not ours: tlog and note of the Go project. `check DIR KEY [WITNESS KEY]`, `prove FILE KEY`, `vectors`.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var report any
	var err error
	switch args := os.Args[1:]; {
	case len(args) >= 3 && args[0] == "check":
		report, err = check(args[1], args[2], args[3:])
	case len(args) == 3 && args[0] == "prove":
		report, err = prove(args[1], args[2])
	case len(args) == 1 && args[0] == "vectors":
		report, err = vectors()
	default:
		err = errors.New("check DIR KEY [WITNESS KEY], prove FILE KEY, or vectors")
	}
	if err != nil {
		report = map[string]any{"ok": false, "error": err.Error()}
	}
	json.NewEncoder(os.Stdout).Encode(report)
}

type head struct {
	origin string
	tree   tlog.Tree
}

func openHead(text []byte, verifiers note.Verifiers) (head, error) {
	opened, err := note.Open(text, verifiers)
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return head{}, errors.New("a head has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return head{lines[0], tlog.Tree{N: size, Hash: hash}}, err
}

// folder reads tiles of height 8 as C2SP tlog-tiles lays them out: sumdb has the height in its path and says data.
type folder string

func (f folder) Height() int                     { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) read(tile tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(f.path(tile))
	if err == nil || tile.W == 256 {
		return data, err
	}
	whole := tile
	whole.W = 256
	if data, err = os.ReadFile(f.path(whole)); err != nil {
		return nil, err
	}
	if tile.L == -1 {
		return data, nil
	}
	return data[:tile.W*tlog.HashSize], nil
}

func (f folder) path(tile tlog.Tile) string {
	name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(string(f), strings.Replace(name, "tile/data/", "tile/entries/", 1))
}

func check(dir, key string, witnesses []string) (any, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	verifiers := note.VerifierList(verifier)
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return nil, err
	}
	newest, err := openHead(text, verifiers)
	if err != nil {
		return nil, err
	}
	reader := tlog.TileHashReader(newest.tree, folder(dir))
	root, err := tlog.TreeHash(newest.tree.N, reader)
	if err != nil {
		return nil, err
	}
	if root != newest.tree.Hash {
		return nil, errors.New("the tiles do not give the root")
	}
	leaves, err := checkEntries(folder(dir), newest.tree.N, reader)
	if err != nil {
		return nil, err
	}
	inclusions, err := checkInclusions(newest.tree, leaves, reader)
	if err != nil {
		return nil, err
	}
	heads, err := checkOlder(dir, newest.tree, verifiers, reader)
	if err != nil {
		return nil, err
	}
	cosigned, err := checkCosigned(dir, newest, witnesses)
	return map[string]any{"ok": err == nil, "origin": newest.origin, "size": newest.tree.N, "root": newest.tree.Hash.String(),
		"entries": len(leaves), "inclusions": inclusions, "heads": heads, "cosigned": cosigned}, err
}

func checkEntries(f folder, size int64, reader tlog.HashReader) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		data, err := f.read(tlog.Tile{H: 8, L: -1, N: n, W: int(width)})
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("the bundle %d ends early", n)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			leaf := tlog.RecordHash(data[2:end])
			data = data[end:]
			stored, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n*256+i)})
			if err != nil {
				return nil, err
			}
			if stored[0] != leaf {
				return nil, fmt.Errorf("entry %d does not hash to its leaf", n*256+i)
			}
			leaves = append(leaves, leaf)
		}
	}
	return leaves, nil
}

// Each leaf of a small tree; of a large one some five thousand at even distances.
func checkInclusions(tree tlog.Tree, leaves []tlog.Hash, reader tlog.HashReader) (int, error) {
	step := tree.N/5000 + 1
	count := 0
	for i := int64(0); i < tree.N; i += step {
		proof, err := tlog.ProveRecord(tree.N, i, reader)
		if err != nil {
			return count, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, i, leaves[i]); err != nil {
			return count, err
		}
		count++
	}
	return count, nil
}

// notesIn splits a file of notes: a line that follows a signature and is none itself begins the next.
func notesIn(path string) [][]byte {
	data, _ := os.ReadFile(path)
	var notes [][]byte
	var text []byte
	signed := false
	for _, line := range bytes.SplitAfter(data, []byte("\n")) {
		is := bytes.HasPrefix(line, []byte("\u2014 "))
		if signed && !is {
			notes = append(notes, text)
			text = nil
		}
		text = append(text, line...)
		signed = is
	}
	return notes
}

func checkOlder(dir string, newest tlog.Tree, verifiers note.Verifiers, reader tlog.HashReader) (int, error) {
	notes := notesIn(filepath.Join(dir, "checkpoints"))
	for _, text := range notes {
		older, err := openHead(text, verifiers)
		if err != nil {
			return 0, err
		}
		if older.tree.N == 0 || older.tree.N == newest.N {
			continue
		}
		proof, err := tlog.ProveTree(newest.N, older.tree.N, reader)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, newest.N, newest.Hash, older.tree.N, older.tree.Hash); err != nil {
			return 0, err
		}
	}
	return len(notes), nil
}

// cosigner verifies type 0x04 of C2SP tlog-cosignature, which note does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	header := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(header), msg...), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a key")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 4 {
		return nil, errors.New("not a key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), raw[1:]}, nil
}

func checkCosigned(dir string, newest head, witnesses []string) (int, error) {
	count := 0
	for _, vkey := range witnesses {
		verifier, err := newCosigner(vkey)
		if err != nil {
			return count, err
		}
		for _, text := range notesIn(filepath.Join(dir, "witnessed")) {
			cosigned, err := openHead(text, note.VerifierList(verifier))
			if err != nil {
				return count, err
			}
			if cosigned.origin != newest.origin || cosigned.tree.N > newest.tree.N {
				return count, errors.New("a cosigned head is not one of this log")
			}
			count++
		}
	}
	return count, nil
}

// prove opens a C2SP tlog-proof whose extra line holds the entry.
func prove(path, key string) (any, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	top, rest, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(top, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") {
		return nil, errors.New("not a proof with its entry")
	}
	entry, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		return nil, err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return nil, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		proof = append(proof, hash)
	}
	at, err := openHead([]byte(rest), note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckRecord(proof, at.tree.N, at.tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return nil, err
	}
	return map[string]any{"ok": true, "index": index, "size": at.tree.N}, nil
}
