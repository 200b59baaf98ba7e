namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class EvaluateTests
{
    [TestMethod]
    public void Evaluate_GoldenSubmission_PrintsItsMeasuresAndThenTheirIntervals()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, "evaluate", "--predictions", SampleFiles.GoldenSubmission, "--truth",
            SampleFiles.Of("test_truth.csv")).AssertSuccess();
        Assert.AreEqual("GAP 0.910287\naccuracy 0.916667\nqueries 76\nanswered 76\nwith-landmark 36\nright 33\n"
            + "GAP-low 0.808770\nGAP-high 0.996529\naccuracy-low 0.820513\naccuracy-high 1.000000\n",
            result.Output.ReplaceLineEndings("\n"));
        Assert.AreEqual("", result.Error);
    }

    [TestMethod]
    [DataRow("id,landmark_id\nabc,5\ndef,-1\nghi,7\n", DisplayName = "landmark_id")]
    [DataRow("id,landmarks\nabc,4 5\ndef,\nghi,7\n", DisplayName = "landmarks")]
    [DataRow("\uFEFFUsage,landmark_id,id\r\nPublic,5,abc\r\nPrivate,-1,def\r\nPublic,7,ghi\r\n\r\n",
        DisplayName = "other columns, BOM, CRLF")]
    public void Evaluate_Truth_IsReadInEachForm(string truth)
    {
        using var folder = new WorkFolder();
        // An answer to def takes the first rank, ghi has none: GAP = (1 / 2) (1 / 2).
        ProgramResult result = Evaluate(folder, "id,landmarks\nabc,5 0.5\ndef,5 0.75\nghi,\n", truth).AssertSuccess();
        CollectionAssert.AreEqual((string[])["GAP 0.250000", "accuracy 0.500000", "queries 3", "answered 2", "with-landmark 2", "right 1"],
            result.OutputLines[..6]);
    }

    [TestMethod]
    [DataRow("id,landmarks\nabc,5\n",
        "'p.csv', line 2: the prediction '5' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("id,landmarks\nabc,5 high\n",
        "'p.csv', line 2: the prediction '5 high' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("id,landmarks\nabc,5 NaN\n",
        "'p.csv', line 2: the prediction '5 NaN' is no landmark, a blank and a confidence; leave it empty where there is no answer.")]
    [DataRow("id,landmarks\nabc,1 0.5 2 0.4\n",
        "'p.csv', line 2: the prediction '1 0.5 2 0.4' names several landmarks; one with its confidence is taken. Keep the surest.")]
    [DataRow("id,landmarks\nabc,\"1  .5 2\t4E-1 3 1\"\n",
        "'p.csv', line 2: the prediction '1 .5 2\\u00094E-1 3 1' names several landmarks; one with its confidence is taken. Keep the "
        + "surest.")]
    [DataRow("id,landmarks\n\nabc\n", "'p.csv', line 3: 1 column where the header has 2.")]
    [DataRow("id,landmarks\nabc,\nabc,5 1\n", "'p.csv', line 3: 'abc' stands there a second time.")]
    [DataRow("id,landmark_id\nabc,5\n",
        "'p.csv' has the columns [id, landmark_id]; it needs 'id' and 'landmarks', or 'id', 'landmark' and 'score'.")]
    [DataRow("",
        "'p.csv' has the columns []; it needs 'id' and 'landmarks', or 'id', 'landmark' and 'score'.")]
    [DataRow("id,landmarks\nxyz,5 1\n",
        "The query 'xyz' is predicted but missing from the truth. Add it there; label -1 says that it shows no landmark.")]
    public void Evaluate_BrokenPredictions_NamesFileAndLine(string predictions, string message)
    {
        using var folder = new WorkFolder();
        Evaluate(folder, predictions, "id,landmark_id\nabc,5\n").AssertError(1, message);
    }

    [TestMethod]
    [DataRow("id,landmark_id\nabc,5\nabc,5\n", "'t.csv', line 3: 'abc' stands there a second time.")]
    [DataRow("id,label\nabc,5\n", "'t.csv' has the columns [id, label]; it needs 'id' and 'landmark_id' or 'landmarks'.")]
    [DataRow("id,landmark_id\nabc,-1\n", "No query of the truth shows a landmark, so there is nothing to measure.")]
    public void Evaluate_BrokenTruth_NamesFileAndLine(string truth, string message)
    {
        using var folder = new WorkFolder();
        Evaluate(folder, "id,landmarks\n", truth).AssertError(1, message);
    }

    [TestMethod]
    [DataRow("Big  Ben, London 0.5")]
    [DataRow("Area 51 0.5")]
    [DataRow("2021 07 14 0.5")]
    [DataRow("Gate 2.5 North 0.5")]
    public void Evaluate_LandmarkWithBlanks_IsSplitAtTheLast(string prediction)
    {
        using var folder = new WorkFolder();
        ProgramResult result = Evaluate(folder, $"id,landmarks\nabc,\"{prediction}\"\n", "id,landmark_id\nabc,5\n").AssertSuccess();
        Assert.Contains("answered 1", result.OutputLines);
        Assert.Contains("right 0", result.OutputLines);
    }

    [TestMethod]
    [DataRow("Eiffel Tower 0.9", "right 1")]
    [DataRow("Tower 0.9", "right 0")]
    public void Evaluate_NameWithBlanks_IsOneLandmark(string prediction, string right)
    {
        using var folder = new WorkFolder();
        Assert.Contains(right, Evaluate(folder, $"id,landmarks\nabc,{prediction}\n",
            "id,landmark_id\nabc,Eiffel Tower\n").AssertSuccess().OutputLines);
    }

    [TestMethod]
    public void Evaluate_LabelsAsPandasWritesThem_AreNumbers()
    {
        using var folder = new WorkFolder();
        ProgramResult result = Evaluate(folder, "id,landmarks\nabc,5 0.5\ndef,7.0 0.25\nghi,7 0.75\n",
            "id,landmark_id\nabc,5.0\ndef,7.0\nghi,-1.0\n").AssertSuccess();
        CollectionAssert.AreEqual((string[])["GAP 0.583333", "accuracy 1.000000", "queries 3", "answered 3", "with-landmark 2", "right 2"],
            result.OutputLines[..6]);
    }

    [TestMethod]
    [DataRow("id,landmarks\nabc,\"5 1\ndef,6 0.5\n", "id,landmark_id\nabc,5\ndef,6\n",
        "'p.csv', line 2: a quote is opened and never closed. A field that holds a quote is written in quotes, and the quote in it twice.")]
    [DataRow("id,landmarks\nabc,5 1\n", "id,landmark_id\nabc,5\ndef,nan\n",
        "'t.csv', line 3: 'nan' is no landmark; a name or a whole number is needed, and -1 or nothing where there is none.")]
    [DataRow("id,landmarks\nabc,5 1\n", "id,landmarks\nabc,5\ndef,Eiffel Tower\n",
        "'t.csv', line 3: 'Eiffel Tower' is no list of landmarks by blanks, which are whole numbers in the column 'landmarks'. A name "
        + "with blanks stands in a column 'landmark_id'.")]
    public void Evaluate_BrokenRow_FailsInsteadOfLosingRows(string predictions, string truth, string message)
    {
        using var folder = new WorkFolder();
        Evaluate(folder, predictions, truth).AssertError(1, message);
    }

    [TestMethod]
    public void Evaluate_Usage_PrintsThePartsApartAndIgnoresTheRest()
    {
        using var folder = new WorkFolder();
        ProgramResult result = Evaluate(folder, "id,landmarks\nabc,5 0.5\ndef,5 0.75\nghi,1 1\n",
            "id,landmarks,Usage\nabc,5,Public\ndef,6,Private\nghi,7,Ignored\n").AssertSuccess();
        CollectionAssert.AreEqual((string[])
        [
            "GAP 0.250000", "accuracy 0.500000", "queries 2", "answered 2", "with-landmark 2", "right 1", "ignored 1",
            "public-GAP 1.000000", "public-accuracy 1.000000", "public-queries 1", "public-answered 1", "public-with-landmark 1",
                "public-right 1",
            "private-GAP 0.000000", "private-accuracy 0.000000", "private-queries 1", "private-answered 1", "private-with-landmark 1",
                "private-right 0",
            "GAP-low 0.000000", "GAP-high 1.000000", "accuracy-low 0.000000", "accuracy-high 1.000000",
            "public-GAP-low 1.000000", "public-GAP-high 1.000000", "public-accuracy-low 1.000000", "public-accuracy-high 1.000000",
            "private-GAP-low 0.000000", "private-GAP-high 0.000000", "private-accuracy-low 0.000000", "private-accuracy-high 0.000000",
        ], result.OutputLines);
    }

    [TestMethod]
    public void Evaluate_NameOfSeveralNumbers_Warns()
    {
        using var folder = new WorkFolder();
        ProgramResult result = Evaluate(folder, "id,landmarks\nabc,5 0.5\n", "id,landmark_id\nabc,5 6\n").AssertSuccess();
        CollectionAssert.AreEqual((string[])["warning: 1 name of a landmark reads as several numbers, the first is '5 6', and is taken "
            + "for one. Several landmarks stand in a vector, or in the column 'landmarks' of a CSV file."], result.ErrorLines);
    }

    [TestMethod]
    public void Evaluate_FolderForAFile_SaysSo()
    {
        using var folder = new WorkFolder();
        folder.WriteText("t.csv", "id,landmark_id\nabc,5\n");
        DemoProgram.Run(folder, "evaluate", "--predictions", folder.FullPath, "--truth", "t.csv").AssertError(1,
            $"'{folder.FullPath}' is a folder; name a file in it.");
    }

    // Two queries of landmarks, one of a landmark that was not trained, two of none; the last one's probability is that of a false alarm.
    private const string Verdicts = "id,landmark,name,score,isLandmark,falseAlarmProbability,unknownLandmarkProbability,error\n"
        + "a,5,Five,0.9,true,0.01,0.02,\nb,6,,0.5,false,0.08,0.3,\nu,5,,0.4,true,0.04,0.2,\n"
        + "x,-1,,0.7,true,0.02,0.1,\ny,6,,1e-1,False,.5,.5,\nz,,,,,,,unreadable\n",
        VerdictTruth = "id,landmark_id\na,5\nb,6\nu,7\nx,-1\ny,\nz,5\n";

    [TestMethod]
    public void Evaluate_AnswersWithVerdicts_PrintsStatedAgainstMeasuredRates()
    {
        using var folder = new WorkFolder();
        folder.WriteText("train.csv", "id,landmark_id\nabc,5\ndef,6\nghi,-1\n");

        string[] lines = Evaluate(folder, Verdicts, VerdictTruth, "--train", "train.csv").AssertSuccess().OutputLines;

        // By score: a is right, x no answer, b is right, u wrong, y wrong, z unreadable.
        CollectionAssert.AreEqual((string[])["GAP 0.500000", "accuracy 0.500000", "queries 6", "answered 4", "with-landmark 4", "right 2"],
            lines[..6]);
        string[] rates = [.. lines[10..].Where(line => !line.Contains("-low ") && !line.Contains("-high "))];
        CollectionAssert.AreEqual((string[])
        [
            "false-alarms 0.000000", "unknown-landmarks 1.000000", "right-answers-kept 0.500000", "wrong-answers 0.000000",
            "false-alarms-at-0.01 0.000000", "unknown-landmarks-at-0.01 0.000000", "right-answers-kept-at-0.01 0.500000",
                "wrong-answers-at-0.01 0.000000",
            "false-alarms-at-0.05 0.000000", "unknown-landmarks-at-0.05 1.000000", "right-answers-kept-at-0.05 0.500000",
                "wrong-answers-at-0.05 0.000000",
            "false-alarms-at-0.1 0.000000", "unknown-landmarks-at-0.1 1.000000", "right-answers-kept-at-0.1 1.000000",
                "wrong-answers-at-0.1 0.000000",
        ], rates);
        // Clopper and Pearson of 0 of 2.
        Assert.Contains("false-alarms-low 0.000000", lines);
        Assert.Contains("false-alarms-high 0.841886", lines);
    }

    [TestMethod]
    public void Evaluate_OnATerminal_ShowsTables()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            Assert.Inconclusive("Needs script, which makes a terminal.");
        using var folder = new WorkFolder();
        folder.WriteText("p.csv", Verdicts);
        folder.WriteText("t.csv", VerdictTruth);

        ProgramResult result = DemoProgram.RunOther("/usr/bin/script", folder, "-qec", "stty cols 200; "
            + $"dotnet '{DemoProgram.Program}' evaluate --predictions p.csv --truth t.csv", folder["typescript"]).AssertSuccess();

        StringAssert.Matches(result.Output, new(@"\u2502 GAP +\u2502 0\.500000 \u2502 0\.\d{6} to \d\.\d{6} \u2502"));
        StringAssert.Matches(result.Output, new(@"\u2502 as answered +\u2502 0 of 2: 0\.0 % \(0\.0 to 84\.2\) +\u2502"));
        StringAssert.Matches(result.Output,
            new(@"\u2502 stated 10 % of no landmark +\u2502 0 of 2: .* 2 of 2: 100\.0 % \(15\.8 to 100\.0\)"));
    }

    [TestMethod]
    public void Evaluate_StatedRates_DecideVerdictsAnew()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["photos/5"]);
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), folder["photos/5/a.jpg"]);

        string[] lines = Evaluate(folder, Verdicts, VerdictTruth, "--false-alarms", "50%", "--unknown-landmarks", "0.1", "--train-folders",
            "photos").AssertSuccess().OutputLines;

        Assert.Contains("false-alarms-at-0.5-0.1 0.000000", lines);
        Assert.Contains("right-answers-kept-at-0.5-0.1 0.500000", lines);
        Assert.Contains("unknown-landmarks-at-0.5-0.1 0.000000", lines);
        Assert.DoesNotContain("false-alarms-at-0.05 0.000000", lines);
    }

    [TestMethod]
    public void Evaluate_AnswersWithoutVerdicts_PrintNoRates()
    {
        using var folder = new WorkFolder();
        Assert.HasCount(10, Evaluate(folder, "id,landmark,score,isLandmark\na,5,1,\n", VerdictTruth).AssertSuccess().OutputLines);
        Evaluate(folder, "id,landmarks\na,5 1\n", VerdictTruth, "--false-alarms", "5%").AssertError(1, "'p.csv' has no "
            + "'falseAlarmProbability' to decide verdicts by. Write the answers by predict --format csv and a model that gives verdicts.");
        Evaluate(folder, "id,landmark,score,isLandmark,falseAlarmProbability\na,5,1,true,0.5\n", VerdictTruth, "--unknown-landmarks", "5%")
            .AssertError(1, "'p.csv' has no 'unknownLandmarkProbability' to decide verdicts by. Write the answers by predict "
            + "--format csv and a model that was fitted to at least 8 landmarks with 5 photographs each.");
        Evaluate(folder, "id,landmarks\na,5 1\n", VerdictTruth, "--train", "t.csv", "--train-folders", ".").AssertError(2,
            "Name what the model was fitted to by --train or --train-folders, not both.");
    }

    [TestMethod]
    [DataRow("id,landmark,score\na,5,\n", "the score '' is no number; leave it and the landmark empty where there is no answer.")]
    [DataRow("id,landmark,score\na,,high\n", "the score 'high' is no number; leave it and the landmark empty where there is no answer.")]
    [DataRow("id,landmark,score,isLandmark\na,5,1,yes\n",
        "'yes' in column 'isLandmark' is neither true nor false. Leave it empty where there is no verdict.")]
    [DataRow("id,landmark,score,isLandmark,falseAlarmProbability\na,5,1,true,5%\n",
        "'5%' in column 'falseAlarmProbability' is no number from 0 to 1. Leave it empty where there is none.")]
    public void Evaluate_BrokenVerdicts_NamesFileAndLine(string predictions, string message)
    {
        using var folder = new WorkFolder();
        Evaluate(folder, predictions, VerdictTruth).AssertError(1, $"'p.csv', line 2: {message}");
    }

    private static ProgramResult Evaluate(WorkFolder folder, string predictions, string truth, params string[] more)
    {
        folder.WriteText("p.csv", predictions);
        folder.WriteText("t.csv", truth);
        return DemoProgram.Run(folder, ["evaluate", "--predictions", "p.csv", "--truth", "t.csv", .. more]);
    }
}
