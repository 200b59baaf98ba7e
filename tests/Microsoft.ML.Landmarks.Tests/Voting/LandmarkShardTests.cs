namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class LandmarkShardTests
{
    private static readonly int[] s_counts = [1, 2, 3, 7, 8, 1000, int.MaxValue];

    // By a few lines of Python, which give the values of FNV-1a's authors for "", "a" and "foobar":
    // h = 0xcbf29ce484222325; for b in id.encode(): h = (h ^ b) * 0x100000001b3 % 2**64; print((h ^ h >> 32) % count + 1)
    [TestMethod]
    [DataRow("", 1, 2, 1, 7, 2, 946, 1739979149)]
    [DataRow("a", 1, 1, 2, 2, 1, 825, 136964444)]
    [DataRow("foobar", 1, 2, 2, 5, 2, 698, 2111154558)]
    [DataRow("0a1b2c3d4e5f6071", 1, 2, 1, 1, 8, 712, 1181250667)]
    [DataRow("Eiffel/IMG_0001.jpg", 1, 1, 3, 7, 5, 877, 1479519655)]
    [DataRow("塔 Éiffel/👨‍👩‍👧.jpg", 1, 1, 2, 3, 3, 947, 637138631)]
    public void Holds_Id_IsThatOfTheShardOfAnotherProgram(string id, params int[] expected)
    {
        foreach ((int count, int number) in s_counts.Zip(expected))
        {
            Assert.IsTrue(new LandmarkShard(number, count).Holds(id), $"{number}/{count}");
            foreach (int other in (int[])[.. new[] { number - 1, number + 1 }.Where(other => other >= 1 && other <= count)])
                Assert.IsFalse(new LandmarkShard(other, count).Holds(id), $"{other}/{count}");
        }
    }

    // It is written as the character that stands for what is none, of which Python says 2 of 3 and 842 of 1000.
    [TestMethod]
    public void Holds_HalfOfAPair_IsThatOfAnotherProgram()
    {
        Assert.IsTrue(new LandmarkShard(2, 3).Holds("\ud83d"));
        Assert.IsTrue(new LandmarkShard(842, 1000).Holds("\ud83d"));
    }

    [TestMethod]
    [DataRow("1/1", 1, 1)]
    [DataRow("8/8", 8, 8)]
    [DataRow("0003/0010", 3, 10)]
    [DataRow("2147483647/2147483647", int.MaxValue, int.MaxValue)]
    public void Parse_NumberAndCount_IsTheShard(string text, int number, int count)
    {
        var shard = LandmarkShard.Parse(text);

        Assert.AreEqual((number, count), (shard.Number, shard.Count));
        Assert.AreEqual(new LandmarkShard(number, count), shard);
        Assert.AreEqual(shard, LandmarkShard.Parse(shard.ToString()));
        Assert.AreEqual($"{number}/{count}", shard.ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("x")]
    [DataRow("1")]
    [DataRow("0/8")]
    [DataRow("9/8")]
    [DataRow("1/0")]
    [DataRow("-1/8")]
    [DataRow("+1/8")]
    [DataRow(" 1/8")]
    [DataRow("1/8\n")]
    [DataRow("1/8/8")]
    [DataRow("1,0/8")]
    [DataRow("١/٨")]
    [DataRow("1/2147483648")]
    [DataRow("99999999999999999999/99999999999999999999")]
    public void Parse_AnythingElse_SaysWhatAShardIs(string text)
    {
        Assert.IsFalse(LandmarkShard.TryParse(text, out LandmarkShard shard));
        Assert.AreEqual(default, shard);
        Assert.AreEqual($"'{VisibleText.Visible(text)}' is no shard. It is a number and how many there are, such as 1/8 and 8/8 for the "
            + "first and the last of 8; where a scheduler counts from 0, add 1.",
            Assert.ThrowsExactly<FormatException>(() => LandmarkShard.Parse(text)).Message);
    }

    [TestMethod]
    public void Constructor_NoShard_Throws()
    {
        foreach ((int number, int count) in ((int, int)[])[(0, 8), (9, 8), (1, 0), (-1, 8), (int.MinValue, int.MinValue)])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LandmarkShard(number, count));
        Assert.IsFalse(LandmarkShard.TryParse(null, out _));
        Assert.ThrowsExactly<ArgumentNullException>(() => LandmarkShard.Parse(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => default(LandmarkShard).Holds(null!));
    }

    [TestMethod]
    public void Default_IsTheWhole()
    {
        Assert.AreEqual(new LandmarkShard(1, 1), default);
        Assert.IsTrue(default(LandmarkShard).Holds("any"));
    }
}
