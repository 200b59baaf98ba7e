"""The rules by which cleanlab's Datalab finds near duplicates and wrong labels, applied to features by NumPy alone.

Source: cleanlab 2.6 (https://github.com/cleanlab/cleanlab), its definitions with their defaults, written anew:
datalab/internal/issue_manager/duplicate.py (threshold 0.13, k 10), datalab/internal/issue_manager/label.py (k 10),
count.py (confident joint, calibrated) and filter.py (prune_by_noise_rate).

Prints as JSON: label, the rows whose label is an issue; near_duplicate, pairs of rows.
"""
import json
import sys

import numpy as np

K = 10
THRESHOLD = 0.13
TINY = 1e-6


def near_duplicates(features):
    """Neighbors nearer than 0.13 of the median distance to the nearest, of the 10 nearest by cosine."""
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    distances = 1 - unit @ unit.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :K]
    found = np.take_along_axis(distances, nearest, axis=1)
    most = THRESHOLD * max(np.median(found[:, 0]), np.finfo(float).eps)
    rows, places = np.nonzero(found < most)
    return sorted({(int(min(r, nearest[r, p])), int(max(r, nearest[r, p]))) for r, p in zip(rows, places)})


def out_of_sample_probabilities(features, labels, classes):
    """Shares of the 11 nearest rows by Euclid's distance, without the row itself."""
    squares = (features ** 2).sum(axis=1)
    distances = squares[:, None] - 2 * features @ features.T + squares[None, :]
    np.fill_diagonal(distances, -1)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, 1:K + 1]
    return np.stack([(labels[nearest] == c).mean(axis=1) for c in range(classes)], axis=1)


def round_rows(matrix):
    """Rounds to integers, and keeps the sums of rows."""
    whole = np.floor(matrix).astype(int)
    for row, exact in zip(whole, matrix):
        missing = int(round(exact.sum())) - row.sum()
        row[np.argsort(row - exact, kind="stable")[:missing]] += 1
    return whole


def confident_joint(probabilities, labels, classes):
    """[given, true], how many rows are confidently of another class than their label says, calibrated to the counts of labels."""
    thresholds = np.array([probabilities[labels == c, c].mean() for c in range(classes)]).clip(min=2 * TINY)
    confident = probabilities >= thresholds - TINY
    guess = np.where(confident.sum(axis=1) > 1, probabilities.argmax(axis=1), confident.argmax(axis=1))
    joint = np.zeros((classes, classes))
    for row in np.nonzero(confident.any(axis=1))[0]:
        joint[labels[row], guess[row]] += 1
    np.fill_diagonal(joint, joint.diagonal().clip(min=1))
    joint = joint / joint.sum(axis=1, keepdims=True) * np.bincount(labels, minlength=classes)[:, None]
    return round_rows(joint)


def label_issues(features, labels):
    """Of each label and other class so many as the joint has, those that are surest of the other class; not where it is the guess."""
    classes = labels.max() + 1
    probabilities = out_of_sample_probabilities(features, labels, classes)
    joint = confident_joint(probabilities, labels, classes)
    issues = np.zeros(len(labels), bool)
    for given in range(classes):
        if (labels == given).sum() <= 1:
            continue
        for true in range(classes):
            count = joint[given, true]
            if given == true or count == 0:
                continue
            margin = probabilities[:, true] - probabilities[:, given]
            own = labels == given
            issues |= own & (margin >= np.sort(margin[own])[::-1][count - 1])
    issues &= probabilities.argmax(axis=1) != labels
    return [int(row) for row in np.nonzero(issues)[0]]


def main():
    names = [line.strip() for line in open(sys.argv[2])]
    features = np.fromfile(sys.argv[1], np.float32).reshape(len(names), -1).astype(float)
    labels = np.unique(names, return_inverse=True)[1]
    print(json.dumps({"label": label_issues(features, labels), "near_duplicate": near_duplicates(features)}))


if __name__ == "__main__":
    main()
