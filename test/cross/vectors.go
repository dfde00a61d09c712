package main

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// stored is a tree in memory.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, i := range indexes {
		hashes = append(hashes, s[i])
	}
	return hashes, nil
}

func text(proof []tlog.Hash) []string {
	lines := []string{}
	for _, hash := range proof {
		lines = append(lines, hash.String())
	}
	return lines
}

// vectors gives known answers: leaf n is the text "entry n"; the key is made of the seed 00 01 … 1f.
func vectors() (any, error) {
	var tree stored
	sizes := []int64{1, 2, 3, 4, 5, 7, 8, 64, 255, 256, 257, 300, 511, 513, 70123}
	roots := map[string]string{}
	next := 0
	for n := int64(0); n < sizes[len(sizes)-1]; n++ {
		hashes, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("entry %d", n)), tree)
		if err != nil {
			return nil, err
		}
		tree = append(tree, hashes...)
		if n+1 == sizes[next] {
			root, err := tlog.TreeHash(n+1, tree)
			if err != nil {
				return nil, err
			}
			roots[fmt.Sprint(n+1)] = root.String()
			next++
		}
	}
	inclusions, consistencies := []any{}, []any{}
	for _, size := range sizes {
		for _, index := range []int64{0, size / 2, size - 1} {
			proof, err := tlog.ProveRecord(size, index, tree)
			if err != nil {
				return nil, err
			}
			inclusions = append(inclusions, map[string]any{"size": size, "index": index, "proof": text(proof)})
		}
		for _, old := range sizes {
			if old >= size {
				continue
			}
			proof, err := tlog.ProveTree(size, old, tree)
			if err != nil {
				return nil, err
			}
			consistencies = append(consistencies, map[string]any{"old": old, "size": size, "proof": text(proof)})
		}
	}
	signed, key, err := signedNote(roots["300"])
	return map[string]any{"ok": err == nil, "roots": roots, "inclusions": inclusions, "consistencies": consistencies,
		"note": signed, "key": key}, err
}

func signedNote(root string) (string, string, error) {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed), "example.com/vectors")
	if err != nil {
		return "", "", err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return "", "", err
	}
	signed, err := note.Sign(&note.Note{Text: "example.com/vectors\n300\n" + root + "\n"}, signer)
	return string(signed), vkey, err
}
