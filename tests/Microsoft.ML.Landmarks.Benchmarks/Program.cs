using System.CommandLine;
using Microsoft.ML.Landmarks.Benchmarks;

var photos = new Option<DirectoryInfo>("--photos") { Required = true, Description = "A folder with photographs, searched with its subfolders." };
var network = new Option<FileInfo>("--network") { Required = true, Description = "The ONNX network." };
var imageSize = new Option<int>("--image-size") { DefaultValueFactory = _ => 320, Description = "Side of the prepared images." };
var passes = new Option<int>("--passes") { DefaultValueFactory = _ => 3, Description = "Times over; the fastest pass counts." };
var pipeline = new Command("pipeline", "Preparing and embedding photographs, against its parts measured alone.") { photos, network, imageSize, passes };
pipeline.SetAction(result => PipelineBenchmark.Run(
    Photos(result), result.GetRequiredValue(network).FullName, result.GetValue(imageSize), result.GetValue(passes)));
var python = new Option<string>("--python") { DefaultValueFactory = _ => "python3", Description = "The Python that has Pillow, OpenCV and NumPy." };
var json = new Option<FileInfo?>("--json") { Description = "Where the numbers are written as JSON." };
var images = new Command("images", "Decoding, resizing and normalising photographs on one thread, beside Pillow and OpenCV.") { photos, imageSize, python, json };
images.SetAction(result => ImagesBenchmark.Run(Photos(result), result.GetValue(imageSize), result.GetRequiredValue(python), result.GetValue(json)));
return new RootCommand("Measures Microsoft.ML.Landmarks.") { pipeline, images }.Parse(args).Invoke();

string[] Photos(ParseResult result)
    => [.. result.GetRequiredValue(photos).EnumerateFiles("*.jpg", SearchOption.AllDirectories).Select(f => f.FullName).Order(StringComparer.Ordinal)];
