"""Both searches by another library, on the files of the search benchmark. Usage: search_peer.py torch|faiss FOLDER DIMENSION NEIGHBORS
Prints the seconds of the training rows and of the queries; writes train_neighbors.i32 and query_neighbors.i32."""
import sys
import time

engine, folder, dimension, k = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
try:
    import numpy as np
    if engine == "torch":
        import torch
    elif engine == "faiss":
        import faiss
    else:
        sys.exit(f"no engine is called {engine}")
except ImportError as error:
    sys.exit(f"{sys.executable} has no package {error.name}")


def load(name):
    return np.fromfile(f"{folder}/{name}.f32", "<f4").reshape(-1, dimension)


train, nonlandmark, query = load("train"), load("nonlandmark"), load("query")
penalty = np.fromfile(f"{folder}/penalty.f64", "<f8").astype(np.float32)


def torch_search(rows, gallery, minus, batch=1000):
    gallery, rows = torch.from_numpy(gallery), torch.from_numpy(rows)
    found = []
    for part in rows.split(batch):
        scores = torch.mm(part, gallery.T)
        if minus is not None:
            scores -= minus
        found.append(scores.topk(k).indices)
    return torch.cat(found).numpy()


def faiss_search(rows, gallery, minus):
    if minus is not None:   # the penalty as one more dimension
        gallery = np.hstack([gallery, -minus[:, None]])
        rows = np.hstack([rows, np.ones((len(rows), 1), np.float32)])
    index = faiss.IndexFlatIP(gallery.shape[1])
    index.add(np.ascontiguousarray(gallery))
    return index.search(np.ascontiguousarray(rows), k)[1]


search = torch_search if engine == "torch" else faiss_search
start = time.perf_counter()
train_found = search(train, nonlandmark, None)
middle = time.perf_counter()
found = search(query, train, torch.from_numpy(penalty) if engine == "torch" else penalty)
end = time.perf_counter()
train_found.astype("<i4").tofile(f"{folder}/train_neighbors.i32")
found.astype("<i4").tofile(f"{folder}/query_neighbors.i32")
print(middle - start, end - middle)
