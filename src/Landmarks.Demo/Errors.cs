using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Landmarks.Demo.Databases;
using Landmarks.Demo.Output;
using Landmarks.Demo.Serving;
using Microsoft.Data.Sqlite;
using Microsoft.ML.Landmarks;
using Npgsql;
using SQLitePCL;
using static Microsoft.AspNetCore.Http.StatusCodes;
using static Microsoft.ML.Landmarks.VisibleText;

namespace Landmarks.Demo;

/// <summary>Every message of the program's own: what was found, what is allowed, the way out.</summary>
internal static class Errors
{
    private static readonly string[] s_wrapperMessages = ["Error during class instantiation",
        "Splitter/consolidator worker encountered exception", "Event we were waiting on was subject to an exception"];

    // What ML.NET says of a file that is no model zip.
    private static readonly string[] s_noModelMessages = ["Failed to open a zip archive", "Could not load legacy format model"];

    private const double BytesOfMegabyte = 1e6;

    private static readonly string s_temporaryVariable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    // Files.
    public static JobFailedException FileMissing(string file)
        => Directory.Exists(file) ? FileIsFolder(file) : new($"'{Visible(file)}' does not exist.");

    public static JobFailedException FolderMissing(string folder)
        => new(File.Exists(folder) ? $"'{Visible(folder)}' is a file; name a folder." : $"The folder '{Visible(folder)}' does not exist.");

    public static JobFailedException FileIsFolder(string file) => new($"'{Visible(file)}' is a folder; name a file in it.");

    public static JobFailedException OutputIsInput(string output, string input)
        => new($"'{Visible(output)}' is to be written and is read in this run{(input == output ? "" : $", as '{Visible(input)}'")}. Name "
        + "another file to write.");

    public static JobFailedException WrittenTwice(string file)
        => new($"'{Visible(file)}' is to be written twice in this run. Name another file for one of the two.");

    public static JobFailedException TemporaryFolder(string folder, string reason, Exception inner)
        => new($"The temporary folder '{Visible(folder)}' can't be used: {Visible(reason)} Name another one by {s_temporaryVariable}.",
            inner);

    public static JobFailedException TemporaryFolderFull(string folder, long length, long free)
        => new(string.Create(CultureInfo.InvariantCulture,
        $"The temporary folder '{Visible(folder)}' has {free / BytesOfMegabyte:F1} MB left, and {length / BytesOfMegabyte:F1} MB are "
            + $"needed there. Free some, or name another one by {s_temporaryVariable}."), FullDisk.Foreseen());

    public static string StandardOutput(Exception failure) => $"Standard output could not be written: {Visible(failure)}";

    public const string Interrupted = "Interrupted before the job was done.";

    // The cache of embeddings.
    public const string CacheFolderIsFile = "its folder is a file.", CacheOfOthers = "it is a database of another program.",
        CacheIsNewer = "a newer version of this program wrote it.";

    public static string CacheUnusable(string file, Exception e)
        => $"The job goes on without the embeddings in '{Visible(file)}': {CacheProblem(e)}";

    public static string CacheNotWritten(string file, Exception e)
        => $"No more embeddings are kept in '{Visible(file)}': {CacheProblem(e)}";

    private static string CacheProblem(Exception e)
    {
        const string WayOut = "Name another folder by --cache, or do without one by --no-cache.";
        return (e as SqliteException)?.SqliteErrorCode switch
        {
            raw.SQLITE_CORRUPT => "it is damaged. Delete it, and it is made anew.",
            raw.SQLITE_NOTADB => $"it is no database. {WayOut}",
            raw.SQLITE_FULL => "its disk is full. Free some, or name another folder by --cache.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another run has held it for too long. It can be used again when that is done.",
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => $"it can't be opened or written. {WayOut}",
            null => $"{Visible(OneLine((e.InnerException ?? e).Message))} {WayOut}",
            _ => $"{Visible(e.Message)} {WayOut}",
        };
    }

    public static string OnlyWithCache(string option, string none)
        => $"{Visible(option)} is nothing with {Visible(none)}; leave either out.";

    // CSV files; what is wrong with their text the library says.
    public static JobFailedException NoRows(string file) => new($"'{Visible(file)}' has no row below its header.");

    // Photographs.
    public static string Unreadable(int count, string first)
        => $"{Quantity.Of(count, "photograph")} could not be read and became {(count == 1 ? "a missing row" : "missing rows")}. The "
        + $"first: {Visible(first)}";

    public static string MoreUnreadable(int count) => $"{Quantity.Of(count, "more photograph")} could not be read.";

    // Reports.
    public static string ReportedWithoutTruth(string truthFile, int found, int photographs)
        => $"{found} of {Quantity.Of(photographs, "photograph")} {(found == 1 ? "has" : "have")} no row in '{Visible(truthFile)}' that "
        + "counts, so the report can't say whether they were answered right.";

    public static string LargeReport(string file, long length)
        => string.Create(CultureInfo.InvariantCulture,
        $"'{Visible(file)}' has {length / BytesOfMegabyte:F1} MB, more than most mail servers take. Show fewer photographs by "
            + $"--report-cards, or put the pictures beside it by --report-images.");

    public static string NotAsked(string file, int count)
        => $"The last {Quantity.Of(count, "row")} of '{Visible(file)}' {(count == 1 ? "has" : "have")} no answer, since --on-bad-image "
        + "fail stopped at a photograph.";

    // Checks.
    public static string FailingFindings(int found)
        => $"{Quantity.Of(found, "finding")} {(found == 1 ? "is" : "are")} of the kinds that --fail-on names.";

    // Models and training data.
    private const string NoModel = "it is of another kind, or only a part of one. Name a file that fit wrote.";

    public static JobFailedException NotAModel(string file, string reason, Exception? inner = null)
        => new($"'{Visible(file)}' is no landmark model: {(s_noModelMessages.Contains(reason) ? NoModel : Visible(reason))}", inner);

    public const string NoLandmarkStep = "none of its steps names landmarks by photographs of them. Name a file that fit wrote.";

    public const string OtherColumns = "it has no column of photographs, or no columns of answers, as fit has them. Name a file that fit "
        + "wrote.";

    public static JobFailedException NotLikeFit(string file, string? step)
        => new($"'{Visible(file)}' {(step is null ? "takes no photographs" : $"has a step that fit does not make, {Visible(step)}")}. Name "
        + "a file that fit wrote.");

    public static WrongArgumentException OnlyWithoutPlainModel(string option, string model)
        => new($"{Visible(option)} is nothing for the plain method, and '{Visible(model)}' is of that. Leave it out, or fit without "
        + "--like.");

    public static string SmoothingNotKnown(string model)
        => $"'{Visible(model)}' was saved by an older version, which does not say whether --best smoothed its photographs. They are not "
        + "smoothed now; give --best for that.";

    // Models whose rows are in a database, and its servers: settings are named, and what they say is told where it is wrong alone.
    public static JobFailedException RowsElsewhere(string file, string kind, string name)
        => new($"The rows of '{Visible(file)}' are not in it: they are in {Visible(kind)}, '{Visible(name)}'. Name that by --index, and "
        + "the server by PGHOST, PGSERVICE and what else psql reads.");

    public static JobFailedException ChangedElsewhere(string file, string kind, string name)
        => new($"The rows of '{Visible(file)}' are not in it: they are in {Visible(kind)}, '{Visible(name)}'. Change them there, by "
        + "landmarks index add and landmarks index remove, which take --schema.");

    public const string NamesOfIndex = "An index holds labels alone: names of landmarks are part of the model. Leave --names out, and give "
        + "it to predict, which shows answers by the names in it.";

    public const string IndexWithoutModel = "--index goes with --model, the model whose rows are there.";

    public const string HnswWithoutIndex = "--hnsw is of rows in a database. Name their schema by --index, or leave it out.";

    public const string RowsAndHnsw = "--rows is of penalties, and --hnsw of what the HNSW index finds. Name one of them.";

    public static string OnlyOfHnsw(string option)
        => $"{Visible(option)} is what --hnsw is measured by. Name that too, or leave both out.";

    public static string NothingOfDrop(string option)
        => $"{Visible(option)} says how an HNSW index is made, and --drop makes none. Leave one of them out.";

    public static string EfConstruction(int efConstruction, int m)
        => $"--ef-construction is {efConstruction}, and pgvector asks for at least twice --m, which is {m}. Raise it to {2 * m}, or lower "
            + "--m.";

    public static string OwnRowsAsked(string schema, int own, int count)
        => $"{own} of {Quantity.Of(count, "photograph")} are landmark rows of the index '{Visible(schema)}' themselves, and flatter its "
            + "HNSW index. Measure by photographs as they are asked, which it does not have.";

    public static string RecallNotStored(string schema)
        => $"The role may not write to the index '{Visible(schema)}', which does not keep what was measured: --hnsw of predict and serve "
            + "does not know of it. Measure as a role of --writer, or as the owner.";

    public static string IndexNotSound(string schema, int rows, int problems)
        => $"The index '{Visible(schema)}' is not what it should be: {Quantity.Of(rows, "row")} with another penalty than a fit gives, and "
        + $"{Quantity.Of(problems, "other problem")}. Load the model into an index of another name, and ask that.";

    public static JobFailedException NoService(string service, string[] files)
        => new($"There is no service '{Visible(service)}' in {(files.Length == 0 ? "a file of services" : $"'{Visible(files[0])}'")}"
        + $"{(files.Length < 2 ? "" : $" or '{Visible(files[1])}'")}. PGSERVICEFILE names the file, which is ~/.pg_service.conf otherwise, "
        + $"and PGSERVICE or {IndexServers.ServicesVariable} a service in it.");

    public static JobFailedException ServiceFile(string file, string reason, Exception inner)
        => new($"The file of services '{Visible(file)}' can't be read: {Visible(reason)}", inner);

    public static JobFailedException ServiceLine(string file, int line)
        => new($"Line {line} of '{Visible(file)}' is no setting, NAME=VALUE, without spaces around the sign.");

    public static JobFailedException ServiceSetting(string service, string setting)
        => new($"The service '{Visible(service)}' has the setting {Visible(setting)}, which this program does not know. Leave it out.");

    public static JobFailedException VariableNotObeyed(string variable)
        => new($"{Visible(variable)} asks for what this program can't do. Leave it out, and have the server see to it.");

    public static JobFailedException ConnectionSetting(string setting, string found, string allowed)
        => new($"{Visible(setting)} is {Visible(found)}; it must be {Visible(allowed)}.");

    public static JobFailedException AddressBesideHost(string address, string host)
        => new($"{Visible(address)} and {Visible(host)} are both given, and a certificate is compared with the one that is connected to. "
        + $"Leave {Visible(address)} out.");

    public static JobFailedException PortsOfHosts(string setting, int ports, int hosts)
        => new($"{Visible(setting)} names {ports} ports of {Quantity.Of(hosts, "host")}. Name one for all, or one for each.");

    public const string NoDatabase = "The server has no database of that name. Look at PGDATABASE, which is the role's name otherwise.";

    public static string RoleRefused(string state)
        => $"The server does not let the role in ({Visible(state)}). Look at PGUSER, at the password in PGPASSWORD or in the file that "
        + "PGPASSFILE names, and at pg_hba.conf of the server.";

    public static string ServerUnreachable(string reason)
        => $"The database can't be reached: {Visible(Sentence(reason))} Look at PGHOST, PGPORT and PGSSLMODE, or at the service that "
        + "PGSERVICE names.";

    public static string ServerRefused(string reason, string state)
        => $"The database refused: {Visible(reason)} ({Visible(state)}).";

    // Shards of a fit.
    public static string Shard(string option, string found)
        => $"{Visible(option)} is {Visible(found)}; it must be from 1/N to N/N, as 1/8 for the first of 8. Where a scheduler counts from "
        + "0, as JOB_COMPLETION_INDEX of Kubernetes does, add 1.";

    public static WrongArgumentException FolderOfLandmark(string folder, string landmarks)
        => new($"'{Visible(folder)}' lies in '{Visible(landmarks)}', where each folder is a landmark. Name one outside of it by --folder.");

    public static JobFailedException NoShardFolder(string folder, string reason, Exception inner)
        => new($"The folder '{Visible(folder)}' can't be made: {Visible(reason)} Name another one by --folder.", inner);

    public static JobFailedException ShardAtWork(string shard, string folder, Exception inner)
        => new($"Another run is at work on shard {Visible(shard)} in '{Visible(folder)}'. Wait until it is done.", inner);

    public static JobFailedException OtherShards(string folder, string kind, string asked, int count, int complete)
        => new($"'{Visible(folder)}' has {complete} of {Quantity.Of(count, "shard")} of {Visible(kind)}, so none can be {Visible(asked)}. "
        + $"Go on with those by --shard 1/{count} to {count}/{count}, or delete the files {Visible(kind)}-* there.");

    public static JobFailedException NoShards(string folder, string kind, string command)
        => new($"'{Visible(folder)}' has no {Visible(kind)}. Make them by {Visible(command)}, as one or by --shard.");

    public static JobFailedException ShardsOfSeveralCounts(string folder, string kind, int one, int other)
        => new($"'{Visible(folder)}' has shards of {Visible(kind)} that are of {one}, and others that are of {other}. Delete the files of "
        + "either.");

    public static JobFailedException ShardsMissing(string folder, string kind, int missing, int count, string command)
        => new($"{missing} of {Quantity.Of(count, "shard")} of {Visible(kind)} {(missing == 1 ? "is" : "are")} missing in "
        + $"'{Visible(folder)}'. Make {(missing == 1 ? "it" : "the first")} by {Visible(command)}, with the options of the others.");

    public static JobFailedException ShardDamaged(string file, string damage, string command)
        => new($"'{Visible(file)}' does not count: {Visible(Sentence(damage))} Make its shard again by {Visible(command)}, with the "
        + "options of the others.");

    public static string ShardMadeAgain(string file, string damage)
        => $"'{Visible(file)}' does not count, so its shard is made again: {Visible(Sentence(damage))}";

    public static JobFailedException NewerShard(string file, int found, int newest)
        => new($"'{Visible(file)}' has format {found}; this version reads {newest} at most. Update this program.");

    public const string ManifestIncomplete = "it is no JSON object that has all values of a manifest.";

    public static string ManifestValue(string name)
        => $"its '{Visible(name)}' is no such value as this program writes, or stands there twice.";

    public const string ManifestOfAnother = "it says that it is of another shard than its name says.", ShardFileMissing = "it is missing.",
        ShardFileChanged = "it is not as it was written; its manifest has another SHA-256.";

    public static string ShardFileLength(long found, long expected)
        => $"it has {Quantity.Of(found, "byte")}, and by its manifest {expected}.";

    public static JobFailedException OtherPhotographs(string file, long found, string? other, long ofOther)
        => new($"'{Visible(file)}' is of a list of {Quantity.Of(found, "photograph")}, and {Other(other)} of another one, of {ofOther}. "
        + "All shards are of one list: give each the same photographs, or name another folder by --folder.");

    public static JobFailedException OtherNetwork(string file, string? other)
        => new($"'{Visible(file)}' was made by another network, or with other sizes or another preparation of images, than "
        + $"{Other(other)}. Give all shards the same options, or name another folder by --folder.");

    public static JobFailedException OtherBest(string file, string? other)
        => new($"'{Visible(file)}' was made with another --best or --like than {Other(other)}. Give all shards the same options, or "
        + "name another folder by --folder.");

    public static JobFailedException PhotographsChanged()
        => new("There were other photographs at the end than at the beginning. Run this again when none come or go.");

    // The shard that is being made has no file yet.
    private static string Other(string? file) => file is null ? "this one" : $"'{Visible(file)}'";

    public static JobFailedException OtherSteps(string file)
        => new($"'{Visible(file)}' is of another network, of other sizes or another preparation of images, or of another --max-megapixels. "
        + "Give all shards the same options, or name another folder by --folder.");

    private const string MakeSteps = "run landmarks embed with the options and the --shard of one that is there: it writes them anew.";

    public static JobFailedException StepsMissing(string file)
        => new($"'{Visible(file)}', the steps that embed, is missing. Once more {MakeSteps}");

    public static JobFailedException StepsDamaged(string file, string reason, Exception? inner = null)
        => new($"'{Visible(file)}', the steps that embed, can't be read: {Visible(Sentence(reason))} Delete it, and {MakeSteps}", inner);

    public const string StepsOfOtherKind = "it holds no steps that embed photographs, or others too.";

    public static JobFailedException StepsOfOthers(string file)
        => new($"'{Visible(file)}' is of another network or another preparation than the embeddings beside it. Delete it, and "
        + MakeSteps);

    public static string ShardsOfSeveralMachines(string folder)
        => $"The embeddings in '{Visible(folder)}' were made by processors of several kinds, or by several versions of this program, so "
        + "their last bits may not be those of one fit.";

    public static JobFailedException RowsOfShards(string folder, long row, long rows)
        => new($"Row {row} of {rows}, counted from 0, is in no file of embeddings in '{Visible(folder)}', in two of them, or is one too "
        + "many. Delete these files, and make them again by landmarks embed.");

    public const string OfOtherEmbeddings = "it is of other embeddings than those that are there now.";

    public static string OfOtherSetting(string name, string? there, string? here)
        => $"it was found with {Setting(name, there)}, and now {Setting(name, here)} is asked for.";

    public static JobFailedException PenaltiesOfOtherEmbeddings(string file, string command)
        => new($"'{Visible(file)}' is of other embeddings than those that are there now. Make its shard again by {Visible(command)}, with "
        + "the options of the others.");

    public static JobFailedException PenaltiesOfOtherSettings(
        string file, string name, string? found, string other, string? ofOther, string command)
        => new($"'{Visible(file)}' was found with {Setting(name, found)}, and '{Visible(other)}' with {Setting(name, ofOther)}. All shards "
        + $"are found for one model: make this one again by {Visible(command)}, with the options of the other, or the other with the "
        + "options of this one.");

    private static string Setting(string name, string? value) => $"{Visible(name)} {(value is null ? "left out" : Visible(value))}";

    public static WrongArgumentException PlainOfBest(string folder, string option)
        => new($"{Visible(option)} asks for the plain method, and the embeddings in '{Visible(folder)}' were made by --best, which is "
        + "nothing for it. Leave it out, or embed into another folder without --best.");

    public const string NowhereToMerge = "Name the model that is written by --output, or the index that gets its rows by --index, or both.";

    public static string OnlyWithIndex(string option) => $"{Visible(option)} is nothing without --index; leave it out, or name the index.";

    public static JobFailedException IndexLoaded(string schema)
        => new($"The index '{Visible(schema)}' has rows already, and stays as it is. Name another one by --index.");

    public static JobFailedException RolesOfMadeIndex(string schema)
        => new($"The index '{Visible(schema)}' is there already, and whom it lets in was said when it was made. Leave --reader and "
        + "--writer out, or name another one by --index.");

    public static JobFailedException EmbeddingLength(string file, long row, int found, int expected)
        => new($"Row {row} in '{Visible(file)}' has an embedding of {Quantity.Of(found, "value")}; it must have {expected}. Delete the "
        + "file, and make its shard again by landmarks embed.");

    public static JobFailedException NoPenalty(string file)
        => new($"'{Visible(file)}' has a row that is no penalty: one has the number of a landmark row, whether the rows are plain or "
        + "whitened, and two lists. Delete the file, and make its shard again.");

    public static JobFailedException NoTable(string file, string reason, Exception inner)
        => new($"'{Visible(file)}' can't be read as a Parquet file: {Visible(Sentence(reason))} Delete it, and make its shard again.",
            inner);

    public static InvalidDataException ListsOfTable(long found, long rows)
        => new($"{Quantity.Of(rows, "row")} should have a list each, and there are {found}.");

    public static JobFailedException TableColumn(string file, string column)
        => new($"'{Visible(file)}' has no column '{Visible(column)}', or that is of another type. Delete it, and make its shard again.");

    // Models that are changed.
    public static JobFailedException IdsTaken(string model, int found, int added, string first)
        => new($"{found} of {Quantity.Of(added, "photograph")} {(found == 1 ? "has an id" : "have ids")} that '{Visible(model)}' has "
        + $"already, the first is '{Visible(first)}'. Leave {(found == 1 ? "it" : "them")} out, or put {(found == 1 ? "it" : "them")} in "
        + $"the place of those by --replace.");

    public static JobFailedException IdsTwice(int found, string first)
        => new($"{Quantity.Of(found, "id")} {(found == 1 ? "stands" : "stand")} there twice among the photographs to add, the first is "
        + $"'{Visible(first)}'. Name each photograph once.");

    public static string UnknownIdsOfList(string file, string model, int found, string first)
        => $"{Quantity.Of(found, "photograph")} in '{Visible(file)}' {(found == 1 ? "is" : "are")} not in '{Visible(model)}', the first is "
        + $"'{Visible(first)}'. The others are removed.";

    public static JobFailedException OtherNonLandmarkLabel(string model, string label)
        => new($"'{Visible(model)}' has '{Visible(label)}' for the label of photographs without a landmark, and here it is -1. Add "
        + "landmarks alone, or add by the library's With.");

    public static JobFailedException UnknownIds(string model, int found, string first, IReadOnlyList<string> near)
        => new($"'{Visible(model)}' has no photograph '{Visible(first)}'{More(found, "others that were named")}. {Meant(near)}Name "
        + "photographs by the ids that they were fitted with: those in the CSV file, or paths below --train-folders.");

    public static JobFailedException ModelWithoutIds(string model)
        => new($"'{Visible(model)}' was fitted without ids, so none of its photographs can be named. Remove whole landmarks by "
        + "--landmark.");

    /// <summary>What lists the landmarks of a model, and what those of an index.</summary>
    public const string ListOfModel = "landmarks info", ListOfIndex = "landmarks index info";

    public static JobFailedException UnknownLandmarks(
        string model, int found, string first, IReadOnlyList<string> near, string list = ListOfModel)
        => new($"'{Visible(model)}' has no landmark '{Visible(first)}'{More(found, "others that were named")}. "
        + $"{Meant(near)}{Visible(list)} lists those that it has.");

    public static JobFailedException NameOfSeveral(string model, string name, string[] labels)
        => new($"'{Visible(name)}' is the name of {labels.Length} landmarks of '{Visible(model)}'. Name the one that is meant by its "
        + $"label: {Visible(labels)}.");

    public static JobFailedException NamesOfPlainModel(string model)
        => new($"'{Visible(model)}' is of the plain method, which has no names of landmarks. Leave --names out, and give it to predict.");

    public static JobFailedException LabelsOfItsOwn(string model, string type)
        => new($"'{Visible(model)}' makes {Visible(type)} of labels by a step of its own, so what is new to that would be no landmark. "
        + "Name a file that fit wrote, or add by the library's With.");

    public static JobFailedException LabelsOfAnotherKind(string model, bool areNames)
        => new($"The landmarks of '{Visible(model)}' are {(areNames ? "names of folders, and those to add are numbers. Add them by "
        + "--train-folders" : "numbers of a CSV file, and those to add are names of folders. Add them by --train")}.");

    public static JobFailedException NoIdColumn(string file) => new($"'{Visible(file)}' has no column 'id', which names photographs.");

    public static JobFailedException NoPhotographList(string file, Exception inner)
        => new($"'{Visible(file)}' is no CSV file: {Visible(inner)}", inner);

    private static string More(int found, string others) => found == 1 ? "" : $", nor {found - 1} of the {others}";

    private static string Meant(IReadOnlyList<string> near) => near.Count == 0 ? "" : $"Did you mean {ListNear(near)}? ";

    private static string ListNear(IReadOnlyList<string> near) => string.Join(" or ", near.Take(5).Select(name => $"'{Visible(name)}'"));

    public static JobFailedException NoLandmarkRows(string file)
        => new($"'{Visible(file)}' names no landmark: every row is labelled -1 or has no label.");

    public static JobFailedException NoNonLandmarkRows(string file)
        => new($"'{Visible(file)}' has no row labelled -1, so there is nothing to tell landmarks from.");

    public static JobFailedException NoPhotographs(string folder) => new($"There is no photograph in the folders of '{Visible(folder)}'.");

    public static string NoMatch(string glob)
        => $"No photograph matches '{Visible(glob)}'. In it * stands for any letters, ? for one, and ** for folders at any depth.";

    // Comparisons.
    public static JobFailedException QueriesWithoutTruth(string queriesFile, string truthFile, int found, int queries, string first)
        => new($"{found} of {queries} queries in '{Visible(queriesFile)}' {(found == 1 ? "is" : "are")} missing from the truth in "
        + $"'{Visible(truthFile)}', the first is '{Visible(first)}'. "
            + "Add them there, with label -1 where they show no landmark, or take them out of the queries.");

    public static string TruthWithoutQueries(string queriesFile, string truthFile, int found)
        => $"{Quantity.Of(found, "row")} of the truth in '{Visible(truthFile)}' {(found == 1 ? "is no query" : "are no queries")} in "
        + $"'{Visible(queriesFile)}' and {(found == 1 ? "does" : "do")} not count. evaluate would count those with a landmark as not "
        + "answered.";

    public static string QueriesIgnored(string queriesFile, string truthFile, int found)
        => $"{Quantity.Of(found, "row")} of '{Visible(queriesFile)}' {(found == 1 ? "is" : "are")} marked Ignored in the truth in "
        + $"'{Visible(truthFile)}' and {(found == 1 ? "does" : "do")} not count.";

    public static string LandmarksNotTrained(int found, int withLandmark)
        => $"{found} of {withLandmark} queries with a landmark show{(found == 1 ? "s" : "")} one that no training row names. No method "
        + $"can answer {(found == 1 ? "it" : "them")} right, and {(found == 1 ? "it counts" : "they count")} as wrong in every measure.";

    public static string QueriesTrained(int found, int queries, string by)
        => $"{found} of {queries} queries {(found == 1 ? "is" : "are")} among the training rows too, by {Visible(by)}. Such a query finds "
        + "itself, and says nothing of other photographs. Take it out of either.";

    public static JobFailedException LandmarksOfOthers(string model, string shown, string[] known)
        => new($"No query shows a landmark that '{Visible(model)}' knows: the first shows '{Visible(shown)}', and it knows "
        + $"{(known.Length == 0 ? "none" : $"'{Visible(known[0])}'{(known.Length == 1 ? "" : $" and {known.Length - 1} more")}")}. Name a "
        + "model of the landmarks that the queries show, which has their labels or, by fit --names, their names.");

    public static string LandmarksNotOfModel(string model, int found, int withLandmark)
        => $"{found} of {withLandmark} queries with a landmark show{(found == 1 ? "s" : "")} one that '{Visible(model)}' does not know. It "
        + $"can't answer {(found == 1 ? "it" : "them")} right.";

    public static string QueriesOfModel(string model, int found, int queries)
        => $"{found} of {queries} queries {(found == 1 ? "is" : "are")} among the photographs of '{Visible(model)}' too, by id. There such "
        + "a query finds itself, and says nothing of other photographs. Take it out of the queries.";

    public static JobFailedException NoFalseAlarmProbabilities(string file)
        => NoProbabilities(file, "falseAlarmProbability", "that gives verdicts");

    public static JobFailedException NoUnknownLandmarkProbabilities(string file)
        => NoProbabilities(file, "unknownLandmarkProbability", "that was fitted to at least 8 landmarks with 5 photographs each");

    private static JobFailedException NoProbabilities(string file, string column, string ofModel)
        => new($"'{Visible(file)}' has no '{column}' to decide verdicts by. Write the answers by predict --format csv and a model "
        + $"{ofModel}.");

    public static JobFailedException NothingHeldOut(double share)
        => new($"--hold-out {Quantity.Percent(share)} holds out no photograph of a landmark: one of each stays in the fit. Name a larger "
        + "share, or leave the option out.");

    // Arguments.
    public static WrongArgumentException ModelOnTerminal()
        => new("A model is nothing to be shown on a terminal. Name a file, or send standard output to one.");

    public static WrongArgumentException ImageSize(int imageSize, int fixedImageSize)
        => new($"--image-size is {imageSize}, but the network takes images of {fixedImageSize} pixels alone. Leave the option out.");

    public static string ImageFolders(string[] options)
        => $"Name the photographs' folder by --images, or by {(options.Length < 2 ? "" : options.Length == 2 ? "both " : "all of ")}"
        + $"{Listed(options)}.";

    public static string ImagesTwice(string[] options)
        => $"--images stands for {Listed(options)}; name either{(options.Length < 2 ? "" : options.Length == 2 ? " it or both of them"
            : " it or all of them")}.";

    public const string TrainingData = "Name the training data by --train and --non-landmarks, or by --train-folders and "
        + "--non-landmark-folder; --non-landmarks sample takes the non-landmarks that come with the program.";

    public const string ReferencePhotographs = "Name the reference photographs by --train, or by --train-folders.";

    public const string PhotographsToAdd = "Name the photographs to add by --train, by --train-folders, or by --non-landmarks; "
        + "--non-landmarks sample takes those that come with the program.";

    public static string OnlyWithTrain(string option) => $"{Visible(option)} goes with --train, which names the photographs.";

    public const string NothingToRemove = "Name what to remove by --landmark, --photo or --photo-list.";

    public const string NonLandmarkImagesAlone = "--non-landmark-images goes with --non-landmarks, which names the photographs in it.";

    public const string SampleAndOthers = "--non-landmarks sample takes the non-landmarks that come with the program; leave out "
        + "--non-landmark-folder and --non-landmark-images, or name your own in its place.";

    public static JobFailedException NonLandmarkFolderOfQueriesAlone(string folder)
        => new($"'{Visible(folder)}' would be a landmark with --non-landmarks sample, and --non-landmark-folder says that it is none. "
        + "Leave --non-landmarks sample out to learn from its photographs, or move it out of --train-folders.");

    public const string FoldersAndCsvFiles = "--train-folders and --non-landmark-folder stand for the CSV files, their images and "
        + "--per-landmark; name either.";

    private static string Or(string[] words) => words is [.. var before, var last] && before.Length > 0
        ? $"{string.Join(", ", before)} or {last}" : words[0];

    private static string Listed(string[] options)
        => options.Length < 2 ? Visible(options) : $"{Visible(options[..^1])} and {Visible(options[^1])}";

    public const string TrainTwice = "Name what the model was fitted to by --train or --train-folders, not both.";

    public const string ComparedQueries = "Name the queries by --queries and --truth, or by --query-folders.";

    public const string QueriesAndFolders = "--query-folders stands for --queries, --truth and --query-images; name either.";

    public const string CheckedQueriesTwice = "--query-folders stands for --queries and --query-images; name either.";

    public const string QueryImagesAlone = "--query-images goes with --queries, which names the photographs in it.";

    public const string BestImageSizes = "--best takes image sizes of its own; leave --image-size out.";

    public static string NetworkOfModel(string option)
        => $"{Visible(option)} takes the model's network; leave --network out, or {Visible(option)}.";

    public static string OnlyWithoutPlain(string option, string plain)
        => $"{Visible(option)} is nothing for the plain method; leave it or {Visible(plain)} out.";

    public static string Required(string option) => $"Option '{Visible(option)}' is required.";

    public const string NothingToPredict = "Name photographs, --queries with --images, or --query-folders.";

    public const string SeveralToPredict = "Name one of these: photographs, --queries, --query-folders.";

    public const string QueriesWithoutImages = "--queries needs --images, the folder of their photographs.";

    public const string ImagesWithoutQueries = "--images goes with --queries, which names the photographs in it, or with --report.";

    public static string NothingOfSubmissions(string option)
        => $"{Visible(option)} changes nothing in a submission; name a form of answers by --format.";

    public static string OnlyWithReport(string option) => $"{Visible(option)} goes with --report.";

    public const string NonLandmarkFolderOfQueries = "--non-landmark-folder is one of --query-folders; --truth says itself what shows no "
        + "landmark.";

    public const string SeveralImageFolders = "--images names several folders; queries are in the first, and only --report looks in "
        + "others.";

    // Without names that are near it is System.CommandLine's own.
    public static string Unrecognized(string argument, IEnumerable<string> near)
    {
        string names = ListNear([.. near]);
        return $"Unrecognized command or argument '{Visible(argument)}'.{(names.Length > 0 ? $" Did you mean {names}?" : "")}";
    }

    public static string DashedPhotograph(string argument)
        => $"Unrecognized option '{Visible(argument)}'. Where it is the photograph, put -- before it.";

    public static string Empty(string name) => $"{Visible(name)} is empty; name a file or a folder.";

    public static string NumberRange(string option, int minimum, int? maximum, string found)
        => $"{Visible(option)} is {Visible(found)}; it must be a whole number, "
        + $"{(maximum is null ? $"at least {minimum}" : $"from {minimum} to {maximum}")}.";

    public static string Pooling(string found, string[] kinds, double largestExponent)
        => $"--pooling is {Visible(found)}; it must be one of {Visible(string.Join(", ", kinds))}, or gem with an exponent above 0 and at "
        + $"most {largestExponent}, as gem:2.5.";

    public const string PrefixTokensAlone = "--prefix-tokens goes with --pooling mean-of-patches, gem or max, which leave them out.";

    public static string Format(string found) => $"--format is {Visible(found)}; it must be text, json or csv.";

    public static string Kind(string option, string found, string[] kinds)
        => $"{Visible(option)} is {Visible(found)}; it must be one or several of {Visible(string.Join(", ", kinds))}.";

    public static string NormalizationTwice(string normalization, string other)
        => $"{Visible(normalization)} stands for --mean and --std; name it or {Visible(other)}.";

    public static string PreprocessorSize(string file, int size, int fixedSize)
        => $"'{Visible(file)}' says {size} pixels, and the network takes {fixedSize} alone: photographs are prepared at {fixedSize}.";

    public static string Choice(string option, string found, string[] allowed)
        => $"{Visible(option)} is {Visible(found)}; it must be {Visible(Or(allowed))}.";

    public static string Rate(string option, string found)
        => $"{Visible(option)} is {Visible(found)}; it must be above 0 and below 1, as 1% or 0.01.";

    public static WrongArgumentException ImageSizeFails(InvalidOperationException inner)
        => new(Visible(LibraryTexts.Translate(inner.Message)), inner);

    public static WrongArgumentException ShorterSide(int side, int imageSize)
        => new($"--shorter-side is {side}, less than the {imageSize} pixels of the images' sides, which would not be filled. Make it at "
        + $"least {imageSize}, or name a smaller --image-size.");

    public static string ImageSizeLeftOut(int size, InvalidOperationException e)
        => $"Left out images of {size} pixels: {Visible(LibraryTexts.Translate(e.Message))}";

    public static string TooManyImageSizes(string option, int found, int most)
        => $"{Visible(option)} names {found} sizes; it must be at most {most}.";

    public static JobFailedException NotSquare(int height, int width)
        => new($"The network takes images of {height} x {width} pixels, and photographs are prepared as squares. Export it for squares.");

    public const string RangeOfMean = "a number, or three for R, G and B";

    public const string RangeOfStd = "a number above 0, or three for R, G and B";

    public static string Channels(string option, string[] found, string range)
        => $"{Visible(option)} is {Visible(string.Join(' ', found))}; it must be {Visible(range)}.";

    // The web service. What a client is told ends with what the client can do.
    public static string Url(string option, string found)
        => $"{Visible(option)} is {Visible(found)}; it must be an address as http://127.0.0.1:5080, http://localhost:5080 or "
        + "http://unix:/run/landmarks.sock, with * for all of this machine, or several by a semicolon. For HTTPS put a proxy before it.";

    public static string Bytes(string option, long minimum, long maximum, string found)
        => $"{Visible(option)} is {Visible(found)}; it must be from {minimum} to {maximum} bytes, as 20MB or 500KB.";

    public static JobFailedException CannotListen(IEnumerable<string> urls, Exception inner)
        => new($"Can't listen on {Visible(string.Join(';', urls))}: "
            + $"{Sentence(Describe(inner))} Name an address of this machine by --urls that no other program has taken.", inner);

    public static IOException NoSocket(string path) => new($"'{Visible(path)}' is there already, and no socket.");

    public static IOException SocketTaken(string path) => new($"another program listens on the socket '{Visible(path)}'.");

    public static JobFailedException ServedStream(string file) => new($"'{Visible(file)}' is a pipe, a socket or a device, which is read "
        + "once: a service reads its model again. Name a file.");

    public static string OpenAddress(string url)
        => $"{Visible(url)} is open to other machines: whoever reaches it may ask, and nothing is encrypted. Put a proxy before it that "
        + "decides who may, or leave --urls out.";

    public static RequestRefusedException NotReady() => new(Status503ServiceUnavailable, "The model is being loaded. Ask again.");

    public static RequestRefusedException IndexUnavailable() => new(Status503ServiceUnavailable,
        "The database with the photographs of the model does not answer. Ask again.");

    public static RequestRefusedException ChangeCutOff() => new(Status503ServiceUnavailable,
        "The database with the photographs of the model does not answer. See whether the change was made before you ask for it again.");

    public static RequestRefusedException NoInfo()
        => new(Status404NotFound, "The step of the model that names landmarks is another library's, and tells nothing of them.");

    public static RequestRefusedException Flag(string name, string found)
        => new(Status400BadRequest, $"{Visible(name)} is '{Visible(found)}'; it must be true or false.");

    public static RequestRefusedException Ending()
        => new(Status503ServiceUnavailable, "The service is ending and takes no request any more. Ask again.");

    public static RequestRefusedException QueueFull(int waiting)
        => new(Status429TooManyRequests, $"{Quantity.Of(waiting, "photograph")} {(waiting == 1 ? "waits" : "wait")} already, and there is "
        + "no room for more. Ask again when the header Retry-After says.");

    public static RequestRefusedException MemoryHeld(long most)
        => new(Status429TooManyRequests, $"Requests hold {most / (long)BytesOfMegabyte} MB already, and there is no room for more. Ask "
        + "again when the header Retry-After says.");

    public static RequestRefusedException TooManyBytes(long most)
        => new(Status413PayloadTooLarge, $"The request has more than {most} bytes. Send a smaller photograph, or fewer at once.");

    public static RequestRefusedException TooSlow(int leastBytes, double seconds)
        => new(Status408RequestTimeout, $"Fewer than {leastBytes} bytes of the request came in {seconds:F0} seconds. Send it "
        + "without pauses.");

    public static RequestRefusedException TooManyPhotographs(int most)
        => new(Status413PayloadTooLarge, $"The request has more than {Quantity.Of(most, "photograph")}. Send fewer at once.");

    public static RequestRefusedException MediaType(string? found)
        => new(Status415UnsupportedMediaType, $"{(string.IsNullOrEmpty(found) ? "The request has no Content-Type."
            : $"The Content-Type is {Visible(found)}.")} Send a photograph as image/jpeg or of another image type, several as "
        + "multipart/form-data, or in base64 as application/json.");

    public static RequestRefusedException ContentEncoding(string found)
        => new(Status415UnsupportedMediaType, $"The Content-Encoding is {Visible(found)}. Send the request as it is, without one: "
        + "photographs hardly become smaller.");

    public static RequestRefusedException Charset(string found)
        => new(Status415UnsupportedMediaType, $"The Content-Type is {Visible(found)}. Send JSON as UTF-8.");

    public static RequestRefusedException QueryMissing(string name)
        => new(Status400BadRequest, $"The address says nothing of {Visible(name)}. Add it as ?{Visible(name)}=… or as a part of the "
        + "path.");

    public static RequestRefusedException NoBody() => new(Status400BadRequest, "The request is empty. Send a photograph in it.");

    public static RequestRefusedException NoFiles()
        => new(Status400BadRequest, "The form has no file. Send each photograph as a part with a file name.");

    public static RequestRefusedException Form(string reason)
        => new(Status400BadRequest, $"The form can't be read: {Visible(Sentence(reason))} Send it whole, as multipart/form-data.");

    public static RequestRefusedException Body(string reason)
        => new(Status400BadRequest, $"The request can't be read: {Visible(Sentence(reason))} Send it whole.");

    public static RequestRefusedException Json(string reason)
        => new(Status400BadRequest, $"The JSON can't be read: {Visible(reason)} Send an object with 'image' in base64, or a list of such.");

    public static string JsonValue(string path) => $"{Visible(path)} does not have the right form.";

    public static string JsonBase64(string path) => $"{Visible(path)} is no base64.";

    public static RequestRefusedException JsonWithoutImage(int place)
        => new(Status400BadRequest, $"Photograph {place} has no 'image'. Send the bytes of its file in base64.");

    public static string UnreadableTitle(int found, int sent) => sent == 1 ? "The photograph can't be read."
        : found == sent ? "None of the photographs can be read." : $"{found} of {Quantity.Of(sent, "photograph")} can't be read.";

    public static RequestRefusedException KeyNeeded()
        => new(Status401Unauthorized, "This takes the key of the service. Send it in the header Authorization, after Bearer.");

    public static string Key(string name)
        => $"{Visible(name)} can't be sent in a header; it must be of ASCII's letters, digits and signs, without a space at its ends.";

    public static string WritableWithoutKey(string variable)
        => $"--writable needs a key, by --admin-key or the environment variable {Visible(variable)}: without one nobody may write.";

    public static RequestRefusedException ModelAtWork()
        => new(Status409Conflict, "Another program is writing the file of the model. Ask again.");

    public static RequestRefusedException NoSuchLandmark(string landmark)
        => new(Status404NotFound, $"There is no landmark '{Visible(landmark)}'. GET /landmarks lists those that there are.");

    public static RequestRefusedException SeveralLandmarks(string landmark, string[] labels)
        => new(Status409Conflict, $"'{Visible(landmark)}' is the name of {labels.Length} landmarks. Take the label of the one that is "
        + $"meant: {Visible(labels)}.");

    public static RequestRefusedException NoSuchPhotograph(string id)
        => new(Status404NotFound, $"The model has no photograph '{Visible(id)}'. Take the id that it was added or fitted with.");

    public static RequestRefusedException PhotographTwice(string id)
        => new(Status409Conflict, $"The id '{Visible(id)}' stands there twice. Give each photograph another.");

    public static RequestRefusedException PhotographsTaken(int found, int added, string first)
        => new(Status409Conflict, $"{found} of {Quantity.Of(added, "photograph")} {(found == 1 ? "has an id" : "have ids")} that the model "
        + $"has already, the first is '{Visible(first)}'. Leave {(found == 1 ? "it" : "them")} out, or ask with replace=true.");

    public static string ModelKept(string reason) => $"{Visible(Sentence(reason))} The model before it goes on.";

    // What other libraries say may end as it will.
    private static string Sentence(string reason) => $"{reason.Trim().TrimEnd('.')}.";

    /// <summary>The message that says what went wrong, on one line: what only wraps it says nothing to a user.</summary>
    public static string Describe(Exception exception)
    {
        Exception e = exception;
        while (e.InnerException is { } inner && IsWrapper(e))
            e = inner;
        return Visible(OneLine(e switch
        {
            GpuUnavailableException gpu => Gpu(gpu),
            DbException database => Database(database),
            // Who gave an argument of the command line knows no parameter of a method.
            ArgumentException { ParamName: { } name }
                => LibraryTexts.Translate(e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)),
            _ => LibraryTexts.Translate(e.Message),
        }));
    }

    private static string Database(DbException e) => e is NpgsqlException server ? ServerFailure.Describe(server) : e.Message;

    // The program's way to the packages for CUDA is another than an application's.
    private static string Gpu(GpuUnavailableException e)
    {
        string problem = AppContext.TryGetSwitch("Landmarks.Demo.IsForCuda", out bool isForCuda) && isForCuda
            ? e.Problem : "this program is built for the CPU. Build it with -p:LandmarksCuda=true.";
        return $"GPU {e.Gpu}: {LibraryTexts.Translate(problem)} Or let the CPU take its place by --fallback-to-cpu.";
    }

    // ML.NET makes the steps of a model by reflection and reads rows on other threads, those of a cache too, and says no more than that of
    // what they throw.
    private static bool IsWrapper(Exception e)
        => e is TargetInvocationException or AggregateException or TypeInitializationException
            || (e is InvalidOperationException && s_wrapperMessages.Any(start => e.Message.StartsWith(start, StringComparison.Ordinal)));
}
