using System.CommandLine;
using Microsoft.ML.Landmarks.Benchmarks;

var photos = new Option<DirectoryInfo>("--photos") { Required = true, Description = "A folder with photographs, searched with its subfolders." };
var network = new Option<FileInfo>("--network") { Required = true, Description = "The ONNX network." };
var imageSize = new Option<int>("--image-size") { DefaultValueFactory = _ => 320, Description = "Side of the prepared images." };
var passes = new Option<int>("--passes") { DefaultValueFactory = _ => 3, Description = "Times over; the fastest pass counts." };
var pipeline = new Command("pipeline", "Preparing and embedding photographs, against its parts measured alone.") { photos, network, imageSize, passes };
pipeline.SetAction(result => PipelineBenchmark.Run(
    Photos(result), result.GetRequiredValue(network).FullName, result.GetValue(imageSize), result.GetValue(passes)));
var python = new Option<string>("--python") { DefaultValueFactory = _ => "python3", Description = "The Python that has the packages of the peers." };
var json = new Option<FileInfo?>("--json") { Description = "Where the numbers are written as JSON." };
var images = new Command("images", "Decoding, resizing and normalising photographs on one thread, beside Pillow and OpenCV.") { photos, imageSize, python, json };
images.SetAction(result => ImagesBenchmark.Run(Photos(result), result.GetValue(imageSize), result.GetRequiredValue(python), result.GetValue(json)));
Option<int> train = Count("--train", 100_000, "Training rows."), nonLandmarks = Count("--non-landmarks", 30_000, "Non-landmark rows.");
Option<int> queries = Count("--queries", 5_000, "Queries."), dimension = Count("--dimension", 512, "Values of a row.");
var rows = new Option<string>("--rows") { DefaultValueFactory = _ => "synthetic", Description = "synthetic; network, rows like a network's outputs; or a file of little-endian Singles, row by row, mixed up to the numbers of rows." };
var engines = new Option<string>("--engines") { DefaultValueFactory = _ => "filter,fused,tensors,torch,faiss", Description = "What is measured: filter, fused, torchsharp (the search for GPUs, on the CPU; where libtorch can be loaded), tensors, torch, faiss." };
var search = new Command("search", "Both searches, beside TensorPrimitives, PyTorch and FAISS.") { train, nonLandmarks, queries, dimension, rows, engines, python, json };
search.SetAction(result => SearchBenchmark.Run(result.GetRequiredValue(rows), result.GetValue(train), result.GetValue(nonLandmarks), result.GetValue(queries), result.GetValue(dimension),
    result.GetRequiredValue(engines).Split(','), result.GetRequiredValue(python), result.GetValue(json)));
var benchmarks = new Option<string>("--filter") { DefaultValueFactory = _ => "*", Description = "The benchmarks that run, by a pattern." };
var kernels = new Command("kernels", "The innermost loops, by BenchmarkDotNet.") { benchmarks };
kernels.SetAction(result => KernelBenchmarks.Run(result.GetRequiredValue(benchmarks)));
return new RootCommand("Measures Microsoft.ML.Landmarks.") { pipeline, images, search, kernels }.Parse(args).Invoke();

string[] Photos(ParseResult result)
    => [.. result.GetRequiredValue(photos).EnumerateFiles("*.jpg", SearchOption.AllDirectories).Select(f => f.FullName).Order(StringComparer.Ordinal)];

static Option<int> Count(string name, int count, string description) => new(name) { DefaultValueFactory = _ => count, Description = description };
