using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.CommandLine;

/// <summary>The options of the commands by which several processes make one model.</summary>
internal static class ShardOptions
{
    private const string Name = "--shard";

    /// <summary>The folder through which the processes hand each other what they have made.</summary>
    public static Option<string> Folder(string description) => CommandOptions.Text("--folder", "DIR", description, required: true);

    /// <summary>Which part of the work a process does.</summary>
    public static Option<LandmarkShard> Shard() => new(Name)
    {
        Description = "Do the Ith of N parts, each of which is for a process of its own. [default: 1/1]",
        HelpName = "I/N",
        CustomParser = Parse,
    };

    private static LandmarkShard Parse(ArgumentResult result)
    {
        if (!LandmarkShard.TryParse(result.Tokens[0].Value, out LandmarkShard shard))
            result.AddError(Errors.Shard(Name, result.Tokens[0].Value));
        return shard;
    }
}
