using Landmarks.Demo.Databases;

namespace Landmarks.Demo;

/// <summary>
/// The library's messages in the words of the command line. They end with a way out, mostly an option of the library, which has another
/// name here, or none: then what is left of the sentence must do.
/// </summary>
internal static class LibraryTexts
{
    private const string BuildForCuda = "Build this program with -p:LandmarksCuda=true.";

    private static readonly (string OfLibrary, string OfProgram)[] s_waysOut =
    [
        ("in the option ModelInputName", "by --network-input"),
        ("in the option ModelOutputName", "by --network-output"),
        ("Name its file in ModelFile, without ModelBytes.", "Name its file by --network."),
        ("Say the number of prefix tokens in the option Pooling.",
            "Say it by --prefix-tokens, and by --pooling what becomes of the others."),
        ("Say fewer in the option Pooling.", "Say fewer by --prefix-tokens."),
        ("in the option Pooling", "by --pooling"),
        ("The option Pooling", "--pooling"),
        ("Name a size that it takes.", "Name a size that it takes by --image-size."),
        ("ImageSizes names", "--image-size names"),
        (", or set ImagePreparationOptions yourself.", ", or pass --preprocessor none and say it by options."),
        ("allow more by MaxPixels.", "allow more by --max-megapixels."),
        ("(BatchSize)", "(--batch-size)"),
        ("Or allow the CPU in its place by FallbackToCpu.", "Or let the CPU take its place by --fallback-to-cpu."),
        ("Replace the package Microsoft.ML.OnnxRuntime of the application by Microsoft.ML.OnnxRuntime.Gpu.", BuildForCuda),
        ("Add the package TorchSharp-cuda-linux to the application.", BuildForCuda),
        ("Add the package Microsoft.ML.OnnxRuntime to the application, or Microsoft.ML.OnnxRuntime.Gpu.",
            "It runs on Linux and Windows (x64 and Arm64) and on macOS (Arm64)."),
        ("a library for, with its packages of one version.", "a library for."),
        (", pass nonLandmarks", ""),
        (", or set AllowNoNonLandmarks.", "."),
        (", or raise MaximumExampleCount.", "."),
        ("NumberOfNeighbors is", "--neighbors is"),
        ("with NeighborsColumnName or NeighborScoresColumnName, which have so many places in each row, it must be", "it must be"),
        ("Lower it, or leave those columns out.", "Lower it."),
        (", or set them yourself.", "."),
        ("; or do without a verdict: FalseAlarmRate = null.", "."),
        ("FalseAlarmRate = ", "--false-alarms "),
        (", or leave it at null.", ", or leave --unknown-landmarks out."),
        (", or leave UnknownLandmarkRate at null.", ", or leave --unknown-landmarks out."),
        ("FalseAlarmConfidence = ", "--false-alarm-confidence "),
        ("FalseAlarmConfidence", "--false-alarm-confidence"),
        ("UnknownLandmarkRate = ", "--unknown-landmarks "),
        ("UnknownLandmarkRate", "--unknown-landmarks"),
        ("Update Microsoft.ML.Landmarks.", "Update this program."),
        ("Fit it with a FalseAlarmRate, and with enough non-landmarks for that.", "Leave the rate out, or "
            + "fit the model by the method that fit chooses, with enough non-landmarks."),
        (", add others before, or fit a model with AllowNoNonLandmarks.", ", or add others before."),
        ("Leave more in, or, before that, add others or ask for ",
            "Leave more in, add others before, or fit a model by fit --like with --false-alarms "),
        (". Fit anew.", ". Fit anew, as fit --like does."),
        ("The model gives no columns", "it gives no columns"),
        (" (Single), so it names no landmark. Add a step that does, as KnnLandmark is one.", "."),
        ("The model takes no photograph", "it takes no photograph"),
        ("Save it with the steps that make these of photographs, as PrepareImages and EmbedImages do.", "Name a file that fit wrote."),
        ("Give those that FindPenalties finds of the rows that are fitted, in their order, with the same options.",
            "Have landmarks penalties find those of all shards anew."),
        ("Give each shard once, and all of them of one number of shards.", "Have landmarks penalties find those of all shards anew."),
        ("Give those of all shards, of rows as they are where the method does not whiten them, and of whitened rows where it does.",
            "Have landmarks penalties find those of all shards anew."),
        // Rows in a database.
        ("Attach the index that was loaded from this model, or load this model's rows into an index of its own.", "Name the index that was "
            + "loaded from this model, or load this model's rows into one of its own by landmarks index create and landmarks index load."),
        ("Make it by PostgresLandmarkIndex.CreateAsync, or", "Make it by landmarks index create, or"),
        ("Put those of its model there by PostgresLandmarkIndex.LoadAsync.", "Put those of its model there by landmarks index load."),
        ("Add to them by AddAsync, or load", "Add to them by landmarks index add, or load"),
        ("as CreateAsync does for the roles that it is given.", "as landmarks index create does for the roles of --reader and --writer."),
        ("by PostgresLandmarkIndex.CreateHnswAsync, after DropHnswAsync where only some have it; or search exactly.",
            "by landmarks index hnsw, after --drop where only some have it; or leave --hnsw out."),
        ("than PostgresLandmarkIndex.CreateHnswAsync makes. Let its owner make it anew, after DropHnswAsync.",
            "than landmarks index hnsw makes. Let its owner make it anew, after landmarks index hnsw --drop."),
        ("EfConstruction is ", "--ef-construction is "),
        ("at least twice M, which is ", "at least twice --m, which is "),
        ("Drop it by PostgresLandmarkIndex.DropHnswAsync before", "Drop it by landmarks index hnsw --drop before"),
        ("Measure it by CheckRecallAsync, with queries as they are asked.", "Measure it by landmarks index check --hnsw, with photographs "
            + "as they are asked."),
        ("Measure it by CheckRecallAsync with this model.", "Measure it by landmarks index check --hnsw with this model."),
        ("Measure it anew by CheckRecallAsync.", "Measure it anew by landmarks index check --hnsw."),
        ("Search them exactly.", "Leave HNSW out."),
        ("Give a data source of each.", $"Name a service of each in {IndexServers.ServicesVariable}."),
        ("Set a smaller Maximum Pool Size, or raise max_connections there.", "Raise max_connections there, or have fewer programs ask."),
        ("(SameLandmarkSmoothing), so", "(--best), so"),
        ("PrepareImages and EmbedImages take paths and bytes.", "Name a file that fit wrote."),
    ];

    /// <summary>A message of the library as this program says it; any other stays.</summary>
    public static string Translate(string message)
    {
        foreach ((string ofLibrary, string ofProgram) in s_waysOut)
            message = message.Replace(ofLibrary, ofProgram, StringComparison.Ordinal);
        return message;
    }
}
