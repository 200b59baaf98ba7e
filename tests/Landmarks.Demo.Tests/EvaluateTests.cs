namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class EvaluateTests
{
    [TestMethod]
    public void Evaluate_GoldenSubmission_PrintsItsMeasuresAlone()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.Run(folder, "evaluate", "--predictions", SampleFiles.GoldenSubmission, "--truth",
            SampleFiles.Of("test_truth.csv")).AssertSuccess();
        Assert.AreEqual("GAP 0.910287\naccuracy 0.916667\nqueries 76\nanswered 76\nwith-landmark 36\nright 33\n",
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
            result.OutputLines);
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
    [DataRow("id,landmark_id\nabc,5\n", "'p.csv' has the columns [id, landmark_id]; it needs 'id' and 'landmarks'.")]
    [DataRow("", "'p.csv' has the columns []; it needs 'id' and 'landmarks'.")]
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
            result.OutputLines);
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

    private static ProgramResult Evaluate(WorkFolder folder, string predictions, string truth)
    {
        folder.WriteText("p.csv", predictions);
        folder.WriteText("t.csv", truth);
        return DemoProgram.Run(folder, "evaluate", "--predictions", "p.csv", "--truth", "t.csv");
    }
}
