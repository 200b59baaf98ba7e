namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class ArgumentTests
{
    private const string ImagesAlone = "--images goes with --queries, which names the photographs in it, or with --report.";

    private const string Fit = "fit --train t --non-landmarks v --network n --output o", Predict = "predict --model m",
        TrainingData = "Name the training data by --train and --non-landmarks, or by --train-folders and --non-landmark-folder; "
            + "--non-landmarks sample takes the non-landmarks that come with the program.",
        SampleAndOthers = "--non-landmarks sample takes the non-landmarks that come with the program; leave out --non-landmark-folder and "
            + "--non-landmark-images, or name your own in its place.",
        Compare = "compare --train t --non-landmarks v --queries q --truth t --network n",
        Kinds = "it must be one or several of contradiction, leak, wrong-label, contamination, exact-duplicate, near-duplicate, "
            + "single-photograph, unreadable, missing-features, blank, tiny, dark.";

    [TestMethod]
    [DataRow("bogus", "Unrecognized command or argument 'bogus'.")]
    [DataRow("--bogus", "Unrecognized command or argument '--bogus'.")]
    [DataRow($"{Fit} --images", "Required argument missing for option: '--images'.")]
    [DataRow($"{Fit} --images i --train again", "Option '--train' expects a single argument but 2 were provided.")]
    [DataRow($"{Fit} --images i --neighbors 0", "--neighbors is 0; it must be a whole number, from 1 to 16777216.")]
    [DataRow($"{Compare} --images i --neighbors 16777217", "--neighbors is 16777217; it must be a whole number, from 1 to 16777216.")]
    [DataRow($"{Fit} --images i --train-penalty-neighbors 0", "--train-penalty-neighbors is 0; it must be a whole number, at least 1.")]
    [DataRow($"{Fit} --images i --query-penalty-neighbors x", "--query-penalty-neighbors is x; it must be a whole number, at least 1.")]
    [DataRow($"{Fit} --images i --per-landmark 1.5", "--per-landmark is 1.5; it must be a whole number, at least 1.")]
    [DataRow($"{Fit} --images i --image-size 99999999999", "--image-size is 99999999999; it must be a whole number, from 1 to 16384.")]
    [DataRow($"{Fit} --images i --image-size 320 16385", "--image-size is 16385; it must be a whole number, from 1 to 16384.")]
    [DataRow($"{Fit} --images i --max-megapixels 537", "--max-megapixels is 537; it must be a whole number, from 1 to 536.")]
    [DataRow($"{Predict} photo.jpg --max-megapixels 0", "--max-megapixels is 0; it must be a whole number, from 1 to 536.")]
    [DataRow($"{Fit} --images i --gpu -1", "--gpu is -1; it must be a whole number, at least 0.")]
    [DataRow($"{Fit} --images i --on-bad-image ignore", "--on-bad-image is ignore; it must be fail or skip.")]
    [DataRow($"{Fit} --images i --mean 0.5 0.5", "--mean is 0.5 0.5; it must be a number, or three for R, G and B.")]
    [DataRow($"{Fit} --images i --mean x", "--mean is x; it must be a number, or three for R, G and B.")]
    [DataRow($"{Fit} --images i --std 0.5 0 0.5", "--std is 0.5 0 0.5; it must be a number above 0, or three for R, G and B.")]
    [DataRow($"{Fit} --images i --batch-size 0", "--batch-size is 0; it must be a whole number, at least 1.")]
    [DataRow(Fit, "Name the photographs' folder by --images, or by both --train-images and --non-landmark-images.")]
    [DataRow($"{Fit} --train-images i", "Name the photographs' folder by --images, or by both --train-images and --non-landmark-images.")]
    [DataRow($"{Fit} --images i --train-images i",
        "--images stands for --train-images and --non-landmark-images; name either it or both of them.")]
    [DataRow("fit --output o", TrainingData)]
    [DataRow("fit --network n --output o --train t --images i", TrainingData)]
    [DataRow("fit --network n --output o --train-folders t", TrainingData)]
    [DataRow("fit --output o --train-folders t --non-landmarks sample --non-landmark-folder n", SampleAndOthers)]
    [DataRow("fit --output o --train t --train-images i --non-landmarks sample --non-landmark-images i", SampleAndOthers)]
    [DataRow("fit --output o --train t --non-landmarks sample", "Name the photographs' folder by --images, or by --train-images.")]
    [DataRow("fit --output o --train t --non-landmarks sample --images i --train-images i",
        "--images stands for --train-images; name either.")]
    [DataRow("fit --output o --train-folders t --non-landmarks sample --per-landmark 3",
        "--train-folders and --non-landmark-folder stand for the CSV files, their images and --per-landmark; name either.")]
    [DataRow($"{Fit} --images i --hold-out 20", "--hold-out is 20; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Fit} --images i --hold-out 20%%", "--hold-out is 20%%; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Fit} --images i --hold-out 100%", "--hold-out is 100%; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Fit} --images i --best --image-size 320", "--best takes image sizes of its own; leave --image-size out.")]
    [DataRow($"{Fit} --images i --best --plain", "--best is nothing for the plain method; leave it or --plain out.")]
    [DataRow($"{Fit} --images i --best --notebook", "--best is nothing for the plain method; leave it or --notebook out.")]
    [DataRow($"{Fit} --images i --notebok", "Unrecognized command or argument '--notebok'.")]
    [DataRow($"{Fit} --images i --false-alarms 5", "--false-alarms is 5; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Compare} --images i --unknown-landmarks 0%", "--unknown-landmarks is 0%; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Fit} --images i --false-alarms 5% --plain",
        "--false-alarms is nothing for the plain method; leave it or --plain out.")]
    [DataRow($"{Fit} --images i --names n --plain", "--names is nothing for the plain method; leave it or --plain out.")]
    [DataRow("fit --network n --output o --train-folders t --non-landmark-folder n --images i",
        "--train-folders and --non-landmark-folder stand for the CSV files, their images and --per-landmark; name either.")]
    [DataRow(Compare, "Name the photographs' folder by --images, or by all of --train-images, --non-landmark-images and --query-images.")]
    [DataRow($"{Compare} --train-images i --query-images i",
        "Name the photographs' folder by --images, or by all of --train-images, --non-landmark-images and --query-images.")]
    [DataRow($"{Compare} --images i --query-images i",
        "--images stands for --train-images, --non-landmark-images and --query-images; name either it or all of them.")]
    [DataRow($"{Compare} --images i --image-size 320 0", "--image-size is 0; it must be a whole number, from 1 to 16384.")]
    [DataRow($"{Compare} --images i --image-size 20000", "--image-size is 20000; it must be a whole number, from 1 to 16384.")]
    [DataRow("compare --train t --non-landmarks v --queries q --images i --network n", "Option '--truth' is required.")]
    [DataRow("compare --train t --non-landmarks v --truth t --images i", "Option '--queries' is required.")]
    [DataRow("compare --queries q --truth t --images i", TrainingData)]
    [DataRow("compare --train t --non-landmarks v --images i", "Name the queries by --queries and --truth, or by --query-folders.")]
    [DataRow($"{Compare} --query-folders f", "--query-folders stands for --queries, --truth and --query-images; name either.")]
    [DataRow("compare --train-folders t --non-landmark-folder n", "Name the queries by --queries and --truth, or by --query-folders.")]
    [DataRow("compare --train-folders t --non-landmark-folder n --queries q --truth t",
        "Name the photographs' folder by --images, or by --query-images.")]
    [DataRow("compare --train-folders t --non-landmark-folder n --query-folders q --images i",
        "--train-folders and --non-landmark-folder stand for the CSV files, their images and --per-landmark; name either.")]
    [DataRow(Predict, "Name photographs, --queries with --images, or --query-folders.")]
    [DataRow($"{Predict} --queries q", "--queries needs --images, the folder of their photographs.")]
    [DataRow($"{Predict} --queries q --images i photo.jpg", "Name one of these: photographs, --queries, --query-folders.")]
    [DataRow($"{Predict} --query-folders q --queries q --images i", "Name one of these: photographs, --queries, --query-folders.")]
    [DataRow($"{Predict} --query-folders q photo.jpg", "Name one of these: photographs, --queries, --query-folders.")]
    [DataRow($"{Predict} --images i photo.jpg", ImagesAlone)]
    [DataRow($"{Predict} --images i --query-folders q", ImagesAlone)]
    [DataRow($"{Predict} --format xml photo.jpg", "--format is xml; it must be text, json or csv.")]
    [DataRow($"{Predict} --top 0 photo.jpg", "--top is 0; it must be a whole number, from 1 to 1000.")]
    [DataRow($"{Predict} --top 3 --query-folders q", "--top changes nothing in a submission; name a form of answers by --format.")]
    [DataRow($"{Predict} --false-alarms 5% --query-folders q",
        "--false-alarms changes nothing in a submission; name a form of answers by --format.")]
    [DataRow($"{Predict} --false-alarms 0% photo.jpg", "--false-alarms is 0%; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Predict} --unknown-landmarks 1 photo.jpg", "--unknown-landmarks is 1; it must be above 0 and below 1, as 1% or 0.01.")]
    [DataRow($"{Predict} --top 3 --queries q --images i", "--top changes nothing in a submission; name a form of answers by --format.")]
    [DataRow($"{Predict} photo.jpg --report-cards 3", "--report-cards goes with --report.")]
    [DataRow($"{Predict} photo.jpg --report-images d", "--report-images goes with --report.")]
    [DataRow($"{Predict} photo.jpg --truth t", "--truth goes with --report.")]
    [DataRow($"{Predict} photo.jpg --report r --report-cards 0", "--report-cards is 0; it must be a whole number, at least 1.")]
    [DataRow($"{Predict} photo.jpg --report r --non-landmark-folder n",
        "--non-landmark-folder is one of --query-folders; --truth says itself what shows no landmark.")]
    [DataRow($"{Predict} --queries q --images i --images j",
        "--images names several folders; queries are in the first, and only --report looks in others.")]
    [DataRow($"{Compare} --images i --report-cards 3", "--report-cards goes with --report.")]
    [DataRow($"{Compare} --images i --index l", "--index goes with --model, the model whose rows are there.")]
    [DataRow("index add --schema l --model m --train-folders t --names n", "An index holds labels alone: names of landmarks are part of "
        + "the model. Leave --names out, and give it to predict, which shows answers by the names in it.")]
    [DataRow("check", "Name the reference photographs by --train, or by --train-folders.")]
    [DataRow("check --non-landmarks v --images i", "Name the reference photographs by --train, or by --train-folders.")]
    [DataRow("check --train t", "Name the photographs' folder by --images, or by --train-images.")]
    [DataRow("check --train t --train-images i --non-landmark-images j",
        "--non-landmark-images goes with --non-landmarks, which names the photographs in it.")]
    [DataRow("check --train t --train-images i --non-landmarks v",
        "Name the photographs' folder by --images, or by both --train-images and --non-landmark-images.")]
    [DataRow("check --train-folders t --queries q", "Name the photographs' folder by --images, or by --query-images.")]
    [DataRow("check --train-folders t --query-images q", "--query-images goes with --queries, which names the photographs in it.")]
    [DataRow("check --train-folders t --queries q --query-folders q",
        "--query-folders stands for --queries and --query-images; name either.")]
    [DataRow("check --train-folders t --kinds leak twice", $"--kinds is twice; {Kinds}")]
    [DataRow("check --train-folders t --fail-on Leak", $"--fail-on is Leak; {Kinds}")]
    [DataRow("check --train-folders t --model m --network n",
        "--model takes the model's network; leave --network out, or --model.")]
    [DataRow("check --train-folders t --report-cards 3", "--report-cards goes with --report.")]
    [DataRow("check --train-folders t --top 0", "--top is 0; it must be a whole number, at least 1.")]
    [DataRow("check --train-folders t --on-bad-image=skip", "Unrecognized command or argument '--on-bad-image=skip'.")]
    [DataRow("predict photo.jpg", "Option '--model' is required.")]
    [DataRow($"{Predict} photo.jpg --tpo 3", "Unrecognized command or argument '--tpo'.")]
    [DataRow($"{Predict} --tpo=3 photo.jpg", "Unrecognized command or argument '--tpo=3'.")]
    [DataRow($"{Predict} photo.jpg -x other.jpg", "Unrecognized command or argument '-x'.")]
    [DataRow($"{Predict} photo.jpg --nmaes=n --on-bad-image skip",
        "Unrecognized command or argument '--nmaes=n'. Did you mean '--images' or '--names'?")]
    [DataRow($"{Predict} photo.jpg --gpu 0 -- --verbos", "Unrecognized command or argument '--gpu'.")]
    [DataRow($"{Predict} --querys q --images i", "Unrecognized command or argument '--querys'. Did you mean '--queries'?")]
    [DataRow($"{Predict} photo.jpg --verbos", "Unrecognized command or argument '--verbos'. Did you mean '--verbose'?")]
    [DataRow($"{Fit} --images i --train-image=i", "Unrecognized command or argument '--train-image=i'. Did you mean '--train-images'?")]
    [DataRow("pedict", "Unrecognized command or argument 'pedict'. Did you mean 'predict'?")]
    public void Parse_WrongArguments_ExitsWith2AndOneLine(string arguments, string message)
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, arguments.Split(' ')).AssertError(2, message);
        folder.AssertFiles();
    }

    [TestMethod]
    public void Parse_MoreImageSizesThanThereMayBe_IsAWrongArgument()
    {
        using var folder = new WorkFolder();
        string[] sizes = [.. Enumerable.Range(1, 65).Select(size => $"{size}")];
        foreach (string command in (string[])[Fit, Compare])
            DemoProgram.Run(folder, [.. command.Split(' '), "--images", "i", "--image-size", .. sizes]).AssertError(2,
                "--image-size names 65 sizes; it must be at most 64.");
        DemoProgram.Run(folder, [.. Fit.Split(' '), "--images", "i", "--image-size", .. sizes[..64], "1"]).AssertError(1,
            "The network 'n' does not exist.");
    }

    [TestMethod]
    public void Parse_AfterTwoDashes_PhotographsMayBeginWithOne()
    {
        using var folder = new WorkFolder();
        folder.WriteText("-y.jpg", "");
        DemoProgram.Run(folder, "predict", "--model", "m", "-y.jpg").AssertError(2,
            "Unrecognized option '-y.jpg'. Where it is the photograph, put -- before it.");
        DemoProgram.Run(folder, "predict", "--model", "m", "-", "a.jpg", "--", "--tpo", "-x.jpg").AssertError(1, "'m' does not exist.");
        StringAssert.Contains(DemoProgram.Run(folder, "predict", "--tpo", "--help").AssertSuccess().Output, "--on-bad-image");
    }

    [TestMethod]
    public void Parse_SeveralMistakes_ALineForEach()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, "evaluate");
        Assert.AreEqual(2, result.ExitCode);
        Assert.AreSequenceEqual(["error: Option '--predictions' is required.", "error: Option '--truth' is required."], result.ErrorLines);
        Assert.AreEqual("", result.Output);
    }

    [TestMethod]
    public void Parse_EmptyName_IsAWrongArgument()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, "evaluate", "--predictions", "", "--truth", "t").AssertError(2,
            "--predictions is empty; name a file or a folder.");
        DemoProgram.Run(folder, "predict", "--model", "m", "").AssertError(2, "PHOTO is empty; name a file or a folder.");
    }

    [TestMethod]
    [DataRow("fit", "--train --non-landmarks --images --train-images --non-landmark-images --train-folders --non-landmark-folder "
        + "--network --network-input --network-output --pooling --prefix-tokens --mean --std --average-mirror --batch-size --output "
        + "--plain --image-size "
        + "--per-landmark --neighbors --train-penalty-neighbors --query-penalty-neighbors --on-bad-image --max-megapixels --gpu "
        + "--fallback-to-cpu --verbose")]
    [DataRow("compare", "--train --non-landmarks --queries --truth --images --train-images --non-landmark-images --query-images --network "
        + "--network-input --network-output --mean --std --average-mirror --batch-size --image-size --per-landmark --neighbors "
        + "--train-penalty-neighbors --query-penalty-neighbors --on-bad-image --max-megapixels --gpu --fallback-to-cpu --verbose")]
    [DataRow("add", "--model --output --replace --names --train --non-landmarks --images --train-images --non-landmark-images "
        + "--train-folders --non-landmark-folder --per-landmark --on-bad-image --max-megapixels --gpu --fallback-to-cpu --cache --no-cache "
        + "--cache-size --verbose")]
    [DataRow("remove", "--model --output --landmark --photo --photo-list --verbose")]
    [DataRow("info", "--format --output --verbose")]
    [DataRow("network", "--image-size --format --output --network-input --network-output --pooling --prefix-tokens --mean --std --gpu "
        + "--fallback-to-cpu --verbose")]
    [DataRow("predict", "--model --queries --images --query-folders --format --output --top --false-alarms --unknown-landmarks --names "
        + "--on-bad-image --max-megapixels --verbose")]
    [DataRow("check", "--train --non-landmarks --images --train-images --non-landmark-images --train-folders --non-landmark-folder "
        + "--per-landmark --queries --query-images --query-folders --kinds --top --format --output --fail-on --model --names "
        + "--image-size --report "
        + "--report-cards --report-images --network --network-input --network-output --mean --std --average-mirror --batch-size "
        + "--max-megapixels --gpu --fallback-to-cpu --verbose")]
    public void Help_OfACommand_NamesEveryOption(string command, string options)
    {
        using var folder = new WorkFolder();
        string help = DemoProgram.Run(folder, command, "--help").AssertSuccess().Output;
        foreach (string option in options.Split(' '))
            StringAssert.Contains(help, $"  {option} ");
    }

    [TestMethod]
    public void Verbose_FailedJob_ShowsWhereTheErrorComesFrom()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, "evaluate", "--predictions", "no.csv", "--truth", "no.csv", "--verbose");
        Assert.AreEqual(1, result.ExitCode);
        Assert.AreEqual("error: 'no.csv' does not exist.", result.ErrorLines[0]);
        Assert.Contains(line => line.StartsWith("at Landmarks.Demo.", StringComparison.Ordinal), result.ErrorLines);
    }

    [TestMethod]
    public void Verbose_Fit_ShowsMessagesOfMLNet()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--verbose")).AssertSuccess();
        StringAssert.Contains(result.Error, "6 rows of 6 landmarks and 12 non-landmark rows, 192 dimensions.");
    }
}
